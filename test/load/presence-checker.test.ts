import type { Presence } from '../../contract/index.ts'
import type { Conditions, Silence } from '../../load/prove/conditions.ts'
import { checkPresence } from '../../load/prove/presence/check.ts'
import { findDepartures } from '../../load/prove/presence/departures.ts'
import type { Picture, PresenceHistory, Sight, Watch } from '../../load/prove/presence/history.ts'
import { staysOfConnections, staysOfVisits, type Stay } from '../../load/prove/presence/stays.ts'
import { t } from '../suite.ts'

const endedAt = 100_000
const calm: Conditions = { nodes: ['n1', 'n2', 'n3'], disturbances: [], silences: [] }
const silent = (node: string, why: Silence['why'], from: number, until = from): Conditions => ({ ...calm, silences: [{ node, why, from, until }] })
const everyNode = (why: Silence['why'], from: number, until = from): Conditions =>
  ({ ...calm, silences: calm.nodes.map((node) => ({ node, why, from, until })) })

/** A connection of bob's. */
function stay (node: string, from: number, until?: number, how: Stay['how'] = 'dropped'): Stay {
  return { userId: 'bob', node, from, statuses: [], ...(until !== undefined && { until, how }) }
}

/** Alice, on node 1, is told of bob. */
function watch (sights: Array<[at: number, status: Sight['status'], sinceMs?: number]>, pictures: Picture[] = []): Watch {
  return { observer: 'alice', node: 'n1', from: 0, pictures, sights: sights.map(([at, status, sinceMs = at]) => ({ at, userId: 'bob', status, sinceMs })) }
}

function history (stays: Stay[], watches: Watch[], end: PresenceHistory['end'] = []): PresenceHistory {
  return { names: new Map([['bob', 'bob']]), stays, watches, end, endedAt }
}

const kindsOf = (stays: Stay[], watches: Watch[], conditions = calm, end: PresenceHistory['end'] = []): string[] =>
  checkPresence(history(stays, watches, end), conditions).map(({ kind }) => kind)

t.test('who comes, reloads, goes and is seen to is right', async (t) => {
  const stays = [stay('n1', 10_000, 20_000), stay('n2', 22_000, 30_000, 'left')]
  t.same(kindsOf(stays, [watch([[0, 'offline'], [10_100, 'online'], [35_200, 'offline']])]), [])
  t.same(kindsOf([stay('n2', 10_000, 20_000, 'signedOut')], [watch([[10_100, 'online'], [20_050, 'offline']])]), [], 'a logout is seen at once')
})

t.test('P1: whoever has a connection and is shown as offline is found', async (t) => {
  t.same(kindsOf([stay('n2', 10_000)], [watch([[10_100, 'online'], [40_000, 'offline'], [40_100, 'online']])]), ['falseOffline'])
  t.same(kindsOf([stay('n2', 10_000)], [watch([[0, 'offline']])]), ['falseOffline'], 'never told that bob had come')
  t.same(kindsOf([stay('n2', 10_000)], [watch([[0, 'offline'], [14_000, 'online']])]), [], 'told late')
  t.same(kindsOf([stay('n2', 10_000), stay('n3', 11_000, 30_000, 'left')], [watch([[10_100, 'online'], [35_000, 'offline']])]), ['falseOffline'], 'one of two devices left')
})

t.test('P2: whoever was back within the grace and is shown as offline meanwhile is found', async (t) => {
  const seen = [watch([[10_100, 'online'], [30_200, 'offline'], [32_100, 'online']])]
  t.same(kindsOf([stay('n2', 10_000, 30_000), stay('n3', 32_000)], seen), ['flicker'])
  t.same(kindsOf([stay('n2', 10_000, 30_000, 'left'), stay('n3', 32_000)], seen), ['flicker'], 'a reload')
  t.same(kindsOf([stay('n2', 10_000, 30_000), stay('n3', 37_000)], [watch([[10_100, 'online'], [35_200, 'offline'], [37_100, 'online']])]), [], 'back too late')
  t.same(kindsOf([stay('n2', 10_000, 30_000, 'signedOut'), stay('n3', 32_000)], seen), [], 'signed out and in again')
})

t.test('a node that cannot keep its lease is like a dead one, and one that is away for a moment is not', async (t) => {
  const seen = [watch([[10_100, 'online'], [33_000, 'offline'], [41_000, 'online']])]
  t.same(kindsOf([stay('n2', 10_000)], seen, silent('n2', 'stopped', 30_000, 40_000)), [])
  t.same(kindsOf([stay('n2', 10_000)], seen, silent('n2', 'redis', 30_000, 40_000)), [])
  t.same(kindsOf([stay('n2', 10_000)], seen, silent('n3', 'stopped', 30_000, 40_000)), ['falseOffline'], 'another node was stopped')
  t.same(kindsOf([stay('n2', 10_000)], seen, silent('n2', 'redis', 32_000, 33_500)), ['falseOffline'], 'for less than a lease')
  t.same(kindsOf([stay('n2', 10_000)], seen, everyNode('redis', 30_000, 40_000)), ['falseOffline'], 'nobody had Redis to find it dead')
  t.same(kindsOf([stay('n2', 10_000)], [watch([[10_100, 'online'], [33_000, 'offline']])], silent('n2', 'stopped', 30_000, 40_000)), ['falseOffline'], 'never put right')
})

t.test('P1: whoever was on a killed node and does not go offline in 10 s is found', async (t) => {
  const killed = silent('n2', 'killed', 30_000)
  const stays = [stay('n2', 10_000, 30_005)]
  t.same(kindsOf(stays, [watch([[10_100, 'online'], [33_000, 'offline']])], killed), [])
  t.same(kindsOf(stays, [watch([[10_100, 'online'], [40_100, 'offline']])], killed), ['ghost'])
  t.same(kindsOf(stays, [watch([[10_100, 'online']])], killed), ['ghost'])
  t.same(kindsOf(stays, [watch([[10_100, 'online'], [33_000, 'unknown']])], killed), ['ghost'])
  t.same(kindsOf([...stays, stay('n3', 31_000)], [watch([[10_100, 'online']])], killed), [], 'bob was back')
  t.same(kindsOf([stay('n2', 10_000, 30_005), stay('n3', 20_000)], [watch([[10_100, 'online']])], killed), [], 'another device')
  const cutOff = { ...killed, silences: [...killed.silences, { node: 'n1', why: 'redis' as const, from: 31_000, until: 45_000 }] }
  t.same(kindsOf(stays, [watch([[10_100, 'online'], [46_000, 'offline']])], cutOff), [], 'node 1 could not ask')
  const [departure] = findDepartures(history(stays, [watch([[10_100, 'online'], [33_000, 'offline']])]), killed)
  t.match(departure, { how: 'killed', watches: [{ observer: 'alice', ms: 3000, isGhost: false }] })
})

t.test('P1: whoever left and is shown for ever is found', async (t) => {
  t.same(kindsOf([stay('n2', 10_000, 30_000, 'left')], [watch([[10_100, 'online'], [36_000, 'offline']])]), [])
  t.same(kindsOf([stay('n2', 10_000, 30_000, 'left')], [watch([[10_100, 'online']])]), ['ghost'])
})

t.test('P3: what is said without Redis, and is not unknown, is found', async (t) => {
  const asked = (askedAt: number, known?: Picture['known']): Watch[] => [watch([], [{ askedAt, answeredAt: askedAt + 10, unknown: known ? 0 : 1, ...(known && { known }) }])]
  const cut = silent('n1', 'redis', 30_000, 40_000)
  t.same(kindsOf([], asked(35_000), cut), [])
  t.same(kindsOf([], asked(35_000, { userId: 'bob', status: 'online' }), cut), ['knownUnasked'])
  t.same(kindsOf([], asked(45_000, { userId: 'bob', status: 'online' }), cut), [])
  t.same(kindsOf([], asked(35_000, { userId: 'bob', status: 'online' }), silent('n2', 'redis', 30_000, 40_000)), [], 'another node was cut off')
})

t.test('a picture that goes back to an older truth is found', async (t) => {
  const back = [watch([[10_100, 'online', 10_000], [50_000, 'away', 50_000], [51_000, 'online', 10_000]])]
  t.same(kindsOf([stay('n2', 10_000)], back), ['wentBack'])
  t.same(kindsOf([stay('n2', 10_000)], back, everyNode('emptied', 50_500)), [], 'Redis has forgotten')
})

t.test('what nodes say at the end is compared with what is so', async (t) => {
  const says = (status: Presence['status']): PresenceHistory['end'] => [{ node: 'n3', users: [{ userId: 'bob', status, lastSeenAt: null }] }]
  t.same(kindsOf([stay('n2', 10_000)], [], calm, says('online')), [])
  t.same(kindsOf([stay('n2', 10_000)], [], calm, says('offline')), ['unseen'])
  t.same(kindsOf([stay('n2', 10_000)], [], calm, says('unknown')), ['unseen'])
  t.same(kindsOf([stay('n2', 10_000, 20_000, 'left')], [], calm, says('online')), ['ghost'])
  const away = { ...stay('n2', 10_000), statuses: [{ at: 11_000, status: 'away' as const }] }
  t.same(kindsOf([away], [], calm, says('away')), [])
  t.same(kindsOf([away, stay('n1', 12_000)], [], calm, says('away')), ['unseen'], 'one device is not away')
})

t.test('connections are read from what clients wrote down', async (t) => {
  const visits = [
    { via: 'n1', startedAt: 1, node: 'n1', readyAt: 5, closedAt: 9, closedBecause: 'ping timeout', statuses: [] },
    { via: 'n1', startedAt: 1, refused: { at: 2, code: 'server.unavailable' }, statuses: [] }
  ]
  t.match(staysOfVisits('bob', visits), [{ node: 'n1', from: 5, until: 9, how: 'silent' }])
  t.equal(staysOfVisits('bob', visits).length, 1)
  const ready = (at: number) => [{ kind: 'ready' as const, at, node: 'n2', rooms: [] }]
  t.match(staysOfConnections('bob', [{ id: 'a', openedAt: 1, frames: ready(2) }, { id: 'b', openedAt: 7, frames: ready(8) }]), [{ from: 2, until: 7 }, { from: 8 }])
})
