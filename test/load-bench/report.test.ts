import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { goalsOf, judge } from '../../load/bench/goals.ts'
import { insertSections, writeDocs, type Report } from '../../load/bench/report.ts'
import { quick } from '../../load/bench/sizes.ts'
import { figuresTable, remarks } from '../../load/bench/tables.ts'
import { t } from '../suite.ts'
import { sampleOf } from './samples.ts'

function reportOf (samples: Report['samples']): Report {
  return {
    at: '2026-11-05', machine: 'two cores', sizes: quick, isProfiled: false, samples, judgements: goalsOf(quick).map((goal) => judge(goal, samples))
  }
}

const report = reportOf([sampleOf('bare', 0, 4), sampleOf('batched', 0, 1.5), sampleOf('parley', 0, 1)])

t.test('a section says what was asked, what was measured, and whether it was reached', async (t) => {
  const page = insertSections('', report, ['fan-out'])
  t.match(page, '| 1a CPU per delivery at saturation | 1 | ≤ 0.5 | 1.00 µs | 4.00 µs | 0.25 | reached |')
  t.match(page, '| saturation | 1 | CPU | 4.00 µs | 1.50 µs | 1.00 µs | 0.25 |')
  t.match(page, 'Quick run, 1 repeat, 2026-11-05, on two cores.')
})

t.test('a run replaces the sections of its parts, and what people wrote stays', async (t) => {
  const folder = t.testdir({ 'performance.md': '# Performance\n\nBefore.\n' })
  const path = join(folder, 'performance.md')
  writeDocs(path, report, ['fan-out', 'sends'])
  const first = readFileSync(path, 'utf8').replace('<!-- end of bench fan-out -->', '<!-- end of bench fan-out -->\n\nBetween.')
  const second = insertSections(`${first}\nAfter.\n`, reportOf([sampleOf('bare', 0, 4), sampleOf('parley', 0, 3)]), ['fan-out'])
  t.match(second, /^# Performance\n\nBefore\.\n\n<!-- bench fan-out[^]*0\.75 \| missed[^]*<!-- end of bench fan-out -->\n\nBetween\.[^]*## sends[^]*After\.\n$/)
  t.notMatch(second, '0.25')
  t.equal(second.match(/## fan-out/g)?.length, 1)
})

t.test('a void figure is not shown, and why is said', async (t) => {
  const samples = [sampleOf('bare', 0, 4), sampleOf('parley', 0, 1, { faults: ['parley: 2 deliveries missing'] })]
  t.same(figuresTable('fan-out', samples)[1], ['saturation', '1', 'CPU', '4.00 µs', 'void', '–'])
  t.match(remarks('fan-out', samples)[0], 'Void (saturation, parley, 1 node, repeat 1): parley: 2 deliveries missing.')
})

t.test('what other processes used is said', async (t) => {
  const samples = [sampleOf('bare', 0, 4, { othersShare: 0.04 }), sampleOf('parley', 1, 1, { othersShare: 0.31 })]
  t.same(remarks('fan-out', samples), ['Other processes used at most 31 % of the machine in a window, and 10 % or more in 1 of 2 windows (**disturbed**: repeat 2).'])
})
