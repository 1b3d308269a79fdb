import { Deaths } from '../../load/prove/deaths.ts'
import { help, readOptions } from '../../load/prove/options.ts'
import { Random } from '../../load/prove/random.ts'
import { t } from '../suite.ts'

t.test('options have defaults, and are checked', async (t) => {
  t.match(readOptions([]), { minutes: 2, nodes: 3, people: 24, rooms: 16, seed: /^\d+$/ })
  t.match(readOptions(['--seed', 'abc', '--minutes', '0.5', '--faults', 'kill-node, kill-redis']), { seed: 'abc', minutes: 0.5, faults: ['kill-node', 'kill-redis'] })
  t.throws(() => readOptions(['--minutes', 'many']), /--minutes must be a number/)
  t.throws(() => readOptions(['--nodes', '1.5']), /--nodes must be a whole number/)
  t.throws(() => readOptions(['--faults', 'earthquake']), /There is no fault "earthquake"\. There are: kill-node/)
  t.throws(() => readOptions(['--sed', '1']), /--sed/)
})

t.test('--help names every fault', async (t) => {
  t.equal(readOptions(['--help']), 'help')
  const { faults } = readOptions([]) as { faults: string[] }
  for (const fault of faults) t.match(help, fault)
})

t.test('the same seed gives the same chance, another seed another', async (t) => {
  const draw = (seed: string) => {
    const random = new Random(seed)
    return [random.next(), random.between(1, 6), random.pick(['a', 'b', 'c']), random.shuffle([1, 2, 3, 4, 5])]
  }
  t.same(draw('7'), draw('7'))
  t.not(draw('7')[0], draw('8')[0])
  const random = new Random('dice')
  const thrown = new Set(Array.from({ length: 200 }, () => random.between(1, 6)))
  t.same([...thrown].sort(), [1, 2, 3, 4, 5, 6])
  t.throws(() => random.pick([]), RangeError)
})

t.test('who ends without our doing is found in the cluster\'s log', async (t) => {
  const deaths = new Deaths()
  deaths.expect('n1')
  deaths.read('n1: ended (SIGKILL), starts again')
  deaths.read('n1 | n2: ended (code 1), says a node')
  t.same(deaths.violations, [])
  deaths.read('n1: ended (code 1), starts again')
  t.match(deaths.violations, [{ kind: 'crashed', sentence: 'n1 ended (code 1), and nobody had touched it.' }])
  deaths.isOver = true
  deaths.read('n2: ended (code 0), starts again')
  t.equal(deaths.violations.length, 1)
})

t.test('a start that fails while a service is on its way back is no death of its own', async (t) => {
  const deaths = new Deaths()
  deaths.expect('postgres')
  deaths.read('postgres: ended (SIGKILL), starts again')
  deaths.read('postgres: ended (code 1), starts again')
  t.same(deaths.violations, [])
  deaths.read('postgres: is back')
  deaths.read('postgres: ended (code 1), starts again')
  t.match(deaths.violations, [{ kind: 'crashed' }])
})
