import { findDeliveries, summarize, toTimeline } from '../../load/prove/measures.ts'
import { percentile } from '../../load/prove/percentile.ts'
import { toPage } from '../../load/prove/report/page.ts'
import type { FaultResult, Report } from '../../load/prove/report/report.ts'
import { formatFaults, formatPromises, formatTable } from '../../load/prove/report/table.ts'
import { addContext, formatViolations } from '../../load/prove/report/violations.ts'
import { t } from '../suite.ts'
import { SmallWorld } from './world.ts'

const kill: FaultResult = { name: 'kill-node', detail: 'n1 <n2>', atMs: 1000, liftedAtMs: 1000, healedMs: 1234, isKept: true }
const never: FaultResult = { name: 'cut-redis', detail: 'n3, hanging', atMs: 4000, liftedAtMs: 5000, duringMs: null, healedMs: 10, isKept: false }

t.test('percentiles are values that were there', async (t) => {
  t.equal(percentile([], 0.5), undefined)
  t.same([0, 0.5, 0.99, 1].map((share) => percentile([30, 10, 20, 40], share)), [10, 20, 40, 40])
  t.same(summarize([]), { p50: null, p99: null, max: null })
})

t.test('the table of faults says how often, how long, and whether that was in time', async (t) => {
  t.equal(formatFaults([kill, { ...kill, healedMs: 2000 }, never]), [
    'fault      times  during p50    max  heal p50     max  verdict',
    'kill-node      2           –      –    1.23 s  2.00 s     kept',
    'cut-redis      1       never  never    0.01 s  0.01 s   BROKEN'
  ].join('\n'))
  t.equal(formatTable([]), '')
})

t.test('the table of sessions and presence says how often, how long, and whether that is what was promised', async (t) => {
  t.equal(formatPromises([
    { promise: 'S1', what: 'sockets closed', count: 7, p50: 12, p99: 1500, max: 1500, isKept: false },
    { promise: 'P2', what: 'shown offline', count: 0, p50: null, p99: null, max: null, isKept: true }
  ]), [
    'sessions and presence  times    p50     p99     max  verdict',
    'S1  sockets closed         7  12 ms  1.50 s  1.50 s   BROKEN',
    'P2  shown offline          0      –       –       –     kept'
  ].join('\n'))
})

/** Bob heard everything half a second after it was asked for, and carol, who came late, all at once. */
function measured () {
  const world = new SmallWorld()
  const startedAt = Date.parse(world.events[0]?.at ?? '')
  world.send(world.alice, 'one')
  world.leave(world.carol)
  world.send(world.alice, 'while carol was away')
  world.join(world.carol)
  world.send(world.alice, 'two')
  const late = { ...world.bare('carol', world.carol) }
  const bob = world.bare('bob', world.bob)
  for (const [, log] of bob.logs) for (const logged of log) logged.at = Date.parse(logged.event.at) + 500
  for (const [, log] of late.logs) for (const logged of log) logged.at = startedAt + 9000
  return { world, startedAt, history: world.history(bob, late) }
}

t.test('deliveries are measured from the first attempt, and not for those who were not there', async (t) => {
  const { world, startedAt, history } = measured()
  const deliveries = findDeliveries(history, world.truth)
  t.same(deliveries.map(({ latencyMs }) => latencyMs), [500, 500, 500, 6000, 2000], 'carol missed the second and saw the other two')
  const timeline = toTimeline({ commands: history.commands, deliveries, startedAt, connects: [{ at: startedAt, total: 2 }, { at: startedAt + 3000, total: 5 }] })
  t.equal(timeline.length, 10)
  t.match(timeline[3], { second: 3, asked: 1, acked: 1, delivered: 1, p50: 500, connects: 3 })
  t.match(timeline[9], { delivered: 2, max: 6000, connects: 0 })
})

t.test('a violation is told with what is known around it', async (t) => {
  const { world, startedAt, history } = measured()
  const [violation] = addContext([{ kind: 'gap', roomId: world.roomId, seq: 4, client: 'bob', sentence: 'Bob lacks something.' }], history, world.truth, [never], startedAt)
  const told = formatViolations(violation ? [violation] : [])
  t.match(told, /^gap \(D2\): 1\n {2}Bob lacks something\.\n/)
  t.match(told, /in the database: .*"text":"one"/)
  t.match(told, /alice asked \(send [0-9a-f]{8}\): 3\.00 s by socket alice-1: acked as 4 at 3\.00 s/)
  t.match(told, /bob bob-1: live 4/)
  t.match(told, /around then: cut-redis \(n3, hanging\) from 4\.00 s on/)
  t.match(formatViolations(Array.from({ length: 9 }, () => ({ kind: 'lost', sentence: 'x' }))), /lost \(D1\): 9\n(.*\n){5} {2}… and 4 more/)
})

t.test('the page needs nothing beside itself, and shows words as words', async (t) => {
  const { world, startedAt, history } = measured()
  const deliveries = findDeliveries(history, world.truth)
  const nothing = { p50: null, p99: null, max: null }
  const report: Report = {
    isKept: false,
    seed: '<script>',
    options: { seed: '<script>', minutes: 1, faults: ['kill-node'], nodes: 3, people: 3, rooms: 1, rate: 1 },
    startedAt: new Date(startedAt).toISOString(),
    durationMs: 10_000,
    counts: { asked: 3, acked: 3, refused: 0, repeated: 0, overtaken: 0, delivered: 5, reconnects: 0, syncs: 0, clients: 2, rooms: 1, events: 8 },
    ackMs: nothing,
    deliveryMs: nothing,
    faults: [kill, never],
    promises: [{ promise: 'S1', what: 'sockets closed, all well', count: 7, p50: 12, p99: 40, max: 41, isKept: true }],
    violations: [{ kind: 'lost', sentence: 'It is <gone>.' }],
    timeline: toTimeline({ commands: history.commands, deliveries, startedAt, connects: [] })
  }
  const page = toPage(report)
  t.notMatch(page, /<script|src=|href=|@import|<gone>|NaN|undefined/)
  t.match(page, /It is &#60;gone&#62;/)
  t.match(page, /<polyline class="p99" points="[\d., ]+">/)
  t.match(page, /S1 {2}sockets closed, all well +7 +12 ms +40 ms +41 ms +kept/)
  t.match(page, /kill-node \(n1 &#60;n2&#62;\) at 1\.0 s, healed after 1\.23 s/)
})
