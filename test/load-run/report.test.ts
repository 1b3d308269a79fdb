import { Tally } from '../../load/run/crew/tally.ts'
import type { Sample } from '../../load/run/orders.ts'
import type { Plan } from '../../load/run/plan.ts'
import { createProgress, describeLimits, describeRun } from '../../load/run/progress.ts'
import { drawChart } from '../../load/run/report/chart.ts'
import { toPage } from '../../load/run/report/page.ts'
import { summarize } from '../../load/run/report/summarize.ts'
import { formatScenario } from '../../load/run/report/table.ts'
import { Totals } from '../../load/run/totals.ts'
import { t } from '../suite.ts'

const plan: Plan = { scenario: 'steady', people: 4, rooms: 2, roomSize: 2, rate: 10, seconds: 3, rampSeconds: 0, workers: 2, bytes: 64 }
const idle = { utilization: 0.1, delayP99Ms: 1, cpu: 0.1 }

/** One worker's second: ten messages, each heard by two, with an ack of 5 ms and a delivery of 8 ms. */
function second (number: number | null, change: (tally: Tally) => void = () => {}): Sample {
  const tally = new Tally()
  Object.assign(tally.counts, { sent: 10, acked: 10, delivered: 20 })
  for (let message = 0; message < 10; message++) tally.measure('ack', 5)
  for (let delivery = 0; delivery < 20; delivery++) tally.measure('delivery', 8)
  change(tally)
  return { ...tally.take(), second: number, signedIn: 2, connected: 2, faults: tally.faults, load: idle }
}

function measured (change?: (tally: Tally) => void): Totals {
  const totals = new Totals()
  for (const number of [0, 1, 2]) {
    totals.add('worker 1', second(number, change))
    totals.add('worker 2', second(number))
    totals.addServers(number, [{ name: 'n1', cpu: 0.2 + number / 10, memoryBytes: 80e6 }, { name: 'postgres', cpu: 0.1, memoryBytes: null }], 0.5)
  }
  return totals
}

function result (totals = measured(), more: Partial<Parameters<typeof summarize>[0]> = {}) {
  const loads = [{ name: 'worker 1', ...idle }, { name: 'worker 2', ...idle }]
  return summarize({ plan, totals, seconds: 3, wasStopped: false, nodes: { n1: 4 }, watched: ['n1'], loads, ...more })
}

t.test('what all workers say is added up, by the second and in all', async (t) => {
  const { isKept, counts, throughput, latencies, servers, cpuMicrosPerDelivery, timeline, notes } = result()
  t.equal(isKept, true)
  t.match(counts, { sent: 60, acked: 60, delivered: 120 })
  t.match(throughput, { sent: 20, delivered: 40 })
  t.match(latencies, { ack: { count: 60, max: 5 }, delivery: { count: 120, max: 8 } })
  t.match(timeline.map(({ second, sent, connected }) => [second, sent, connected]), [[0, 20, 4], [1, 20, 4], [2, 20, 4]])
  t.equal(servers[0]?.cpuMax, 0.4)
  t.equal(servers[1]?.memoryMaxBytes, null)
  t.equal(Math.round(cpuMicrosPerDelivery ?? 0), 10_000, '1.2 s of CPU for 120 deliveries')
  t.same(notes, [])
})

t.test('one thing lost, or one failure, and the run is broken', async (t) => {
  t.equal(result(measured((tally) => { tally.faults.lost++ })).isKept, false)
  t.equal(result(measured((tally) => { tally.fail('request.forbidden') })).isKept, false)
  const totals = measured()
  totals.differences = 1
  t.match(result(totals), { isKept: false, faults: { mismatched: 1 } })
  t.equal(result(measured((tally) => { tally.retry('server.unavailable') })).isKept, true, 'what was tried again as told, and went well, is no failure')
})

t.test('whoever reads the figures is told when the tester was busy, and what could not be seen', async (t) => {
  const busy = (load: Partial<typeof idle>) => result(measured(), { loads: [{ name: 'worker 1', ...idle, ...load }, { name: 'worker 2', ...idle }] })
  t.match(busy({ utilization: 0.85 }).notes, [/^The tester was busy \(85 % .*these latencies are its own in part/])
  t.match(busy({ delayP99Ms: 21 }).notes, [/timers up to 21 ms late at p99/])
  t.equal(busy({ delayP99Ms: 19 }).tester.isBusy, false)
  t.match(result(measured(), { nodes: { n1: 2, n3: 1, n2: 1 } }).notes, [/^CPU and memory of n2 and n3 are not known: .*--metrics URL/])
  t.match(result(measured((tally) => { tally.limit('logins') })).notes, [/^The server limits logins: .*LIMITS=relaxed/])
  t.match(result(measured(), { wasStopped: true, seconds: 2 }).notes, [/stopped after 2 of 3 s/])
})

t.test('the table and the page say all of it', async (t) => {
  const one = result(measured((tally) => { tally.faults.doubled = 2 }), { nodes: { '<n1>': 4 } })
  const table = formatScenario(one)
  for (const part of ['messages sent', '20.0/s', '0 / 2 / 0 / 0', 'p95', 'ack', '5.00', '8.00', 'n1', '40 %', '80 MB', 'worker 2', '! CPU']) t.ok(table.includes(part), part)

  const page = toPage({ isKept: false, wasStopped: false, startedAt: '2026-01-01T00:00:00.000Z', target: 'http://<a>', seed: '1', prefix: 'load', scenarios: [one] })
  t.match(page, /<h1 class="broken">/)
  t.equal(page.match(/<svg /g)?.length, 7)
  t.notMatch(page, /<n1>|<a>|NaN|Infinity|undefined/, 'nothing is left as markup, and every place is a number')
  t.notMatch(page, /<script|<link|src=|@import|url\(/, 'it needs nothing beside itself')
})

t.test('a chart has a line for what follows each other, and a gap where nothing is known', async (t) => {
  const chart = drawChart({ title: 'CPU', unit: '%', series: [{ label: 'n1', values: [1, 2, null, 4, 5] }] })
  t.equal(chart.match(/<polyline/g)?.length, 2)
  t.equal(chart.match(/<circle/g)?.length, 4)
  for (const values of [[], [null], [0], [7]]) {
    for (const isLogarithmic of [true, false]) t.notMatch(drawChart({ title: '', unit: '', series: [{ label: '', values }], isLogarithmic }), /NaN|Infinity/)
  }
})

t.test('progress is one line on a terminal, and a line every five seconds elsewhere', async (t) => {
  const written: string[] = []
  const write = (text: string) => written.push(text)
  const terminal = createProgress({ isTTY: true, write })
  terminal.show('1 s')
  terminal.show('2 s')
  terminal.say('done')
  t.same(written.splice(0), ['\r\x1b[2K1 s', '\r\x1b[2K2 s', '\r\x1b[2Kdone\n'])

  let at = 0
  const file = createProgress({ write }, () => at)
  for (at of [1000, 2000, 6000, 7000]) file.show(`${at / 1000} s`)
  file.say('done')
  t.same(written, ['1 s\n', '6 s\n', 'done\n'])
})

t.test('progress says what happens, and once for each limit that it is waited for', async (t) => {
  const totals = measured((tally) => { tally.limit('registrations') })
  t.equal(describeRun(totals, 10), '3/10 s  4 connected  20 msgs/s  40 deliveries/s  p99 ack 5.0 ms, delivery 8.0 ms  errors 0, wrong 0  server CPU 50 %')
  const known = new Set<string>()
  t.match(describeLimits(totals, known), [/^the server limits registrations, .*LIMITS=relaxed/])
  t.same(describeLimits(totals, known), [])
})
