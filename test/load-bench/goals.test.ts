import { goalsOf, judge, type Goal } from '../../load/bench/goals.ts'
import { median } from '../../load/bench/sample.ts'
import { full } from '../../load/bench/sizes.ts'
import { t } from '../suite.ts'
import { sampleOf } from './samples.ts'

const half: Goal = {
  id: '1a',
  part: 'fan-out',
  sentence: 'CPU per delivery at saturation',
  value: 'cpuUs',
  limit: 0.5,
  of: { window: 'saturation', nodes: 1, candidate: 'parley' },
  by: { window: 'saturation', nodes: 1, candidate: 'bare' }
}

t.test('the ratio is the median of the ratios of each repeat, so that drift is in both of its figures', async (t) => {
  // The machine was twice as slow in the third repeat.
  const samples = [[4, 2], [4, 2.4], [8, 4.4]].flatMap(([bare = 0, parley = 0], repeat) => [sampleOf('bare', repeat, bare), sampleOf('parley', repeat, parley)])
  t.match(judge(half, samples), { measured: 2.4, comparedWith: 4, ratio: 0.55, verdict: 'missed' })
  t.match(judge({ ...half, limit: 0.55 }, samples), { verdict: 'reached' })
})

t.test('the least is judged as the least, and a value by itself', async (t) => {
  const samples = [sampleOf('bare', 0, 10), sampleOf('parley', 0, 6)]
  t.equal(judge({ ...half, limit: 0.6, isLeast: true }, samples).verdict, 'reached')
  t.equal(judge({ ...half, limit: 0.7, isLeast: true }, samples).verdict, 'missed')
  const { by, ...alone } = half
  t.match(judge({ ...alone, limit: 6 }, samples), { measured: 6, ratio: undefined, verdict: 'reached' })
  t.equal(judge({ ...alone, limit: 0 }, samples).verdict, 'missed')
})

t.test('a figure of work that was not done is void, on either side', async (t) => {
  const lost = { faults: ['bare: 3 deliveries missing'] }
  t.match(judge(half, [sampleOf('bare', 0, 10, lost), sampleOf('parley', 0, 1)]), { ratio: undefined, verdict: 'void' })
  t.match(judge(half, [sampleOf('bare', 0, 10), sampleOf('parley', 0, 1, lost)]), { measured: undefined, verdict: 'void' })
})

t.test('what was not measured is neither reached nor missed', async (t) => {
  t.equal(judge(half, []).verdict, 'not measured')
  t.equal(judge(half, [sampleOf('parley', 0, 1)]).verdict, 'not measured')
  t.equal(judge(half, [sampleOf('parley', 0, 1), sampleOf('bare', 1, 4)]).verdict, 'not measured', 'of different repeats')
})

t.test('every part with goals is judged on every number of nodes that it runs on', async (t) => {
  const goals = goalsOf(full)
  t.same(goals.filter(({ id }) => id === '1a').map(({ of }) => of.nodes), full.nodeCounts)
  t.same([...new Set(goals.map(({ part }) => part))], ['fan-out', 'sends', 'connects', 'memory', 'nodes', 'presence'])
})

t.test('the median of an even number lies in the middle', async (t) => {
  t.same([median([]), median([3]), median([4, 1]), median([9, 1, 2])], [undefined, 3, 2.5, 2])
})
