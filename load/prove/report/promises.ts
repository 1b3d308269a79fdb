import type { Violation, ViolationKind } from '../check/index.ts'
import type { Conditions } from '../conditions.ts'
import { groupBy } from '../group.ts'
import { summarize, type Latencies } from '../measures.ts'
import { findDepartures } from '../presence/departures.ts'
import type { PresenceHistory } from '../presence/history.ts'
import { findUnasked } from '../presence/pictures.ts'
import { findGaps } from '../presence/spans.ts'
import { checkEnd } from '../sessions/check.ts'
import { endOf, isDoubtful, type SessionHistory } from '../sessions/history.ts'
import type { SocketEnd } from '../sessions/socket-ends.ts'

/** What was seen of one promise about sessions or presence. Times are milliseconds; null where none was measured. */
export interface PromiseResult extends Latencies {
  promise: 'S1' | 'S2' | 'S3' | 'P1' | 'P2' | 'P3'
  /** What was counted and, if so, timed. */
  what: string
  count: number
  isKept: boolean
}

interface Parts {
  sessions: SessionHistory
  ends: SocketEnd[]
  presence: PresenceHistory
  conditions: Conditions
  violations: Violation[]
}

/** S1 by how sessions were ended, S2 by the fault that stood, and what was seen of presence. */
export function toPromises ({ sessions, ends, presence, conditions, violations }: Parts): PromiseResult[] {
  const isBroken = (...kinds: ViolationKind[]): boolean => violations.some(({ kind }) => kinds.includes(kind))
  const row = (promise: PromiseResult['promise'], what: string, times: Array<number | null>, isKept: boolean): PromiseResult =>
    ({ promise, what, count: times.length, ...summarize(times.filter((ms) => ms !== null)), isKept })
  const quiet = ends.filter(({ fault }) => fault === undefined)
  const closings = (promise: 'S1' | 'S2', what: string, same: SocketEnd[]): PromiseResult =>
    row(promise, `sockets closed${what}`, same.map(({ ms }) => ms), same.every((end) => checkEnd(end).length === 0))
  const byKind = (promise: 'S1' | 'S2', groups: Map<string, SocketEnd[]>): PromiseResult[] =>
    [...groups].sort().map(([what, same]) => closings(promise, `: ${what}`, same))
  const departures = findDepartures(presence, conditions)
  const timesOf = (how: 'killed' | 'left'): number[] => departures.filter((departure) => departure.how === how).flatMap(({ watches }) => watches.flatMap(({ ms }) => ms ?? []))
  const gaps = [...groupBy(presence.stays, ({ userId }) => userId).values()].flatMap((stays) => findGaps(stays, conditions))
  const knocks = sessions.sessions.flatMap((session) => session.visits.filter(({ startedAt }) => startedAt > (endOf(session)?.answeredAt ?? Infinity)))
  return [
    closings('S1', ', all well (p99 < 500 ms)', quiet),
    ...byKind('S1', groupBy(quiet, ({ ending }) => ending.cause)),
    ...byKind('S2', groupBy(ends.filter(({ fault }) => fault), ({ fault = '' }) => fault)),
    row('S2', 'endings that nobody confirmed', sessions.sessions.filter(isDoubtful).map(() => null), !isBroken('divided')),
    row('S3', 'attempts after the end, refused', knocks.filter(({ refused }) => refused?.code === 'session.required').map(() => null), !isBroken('letIn', 'outlived')),
    row('S3', 'logins, each another session', sessions.sessions.map(() => null), !isBroken('sameSession')),
    row('P1', 'crash to offline', timesOf('killed'), !isBroken('ghost')),
    row('P1', 'gone to offline', timesOf('left'), !isBroken('ghost')),
    row('P1', 'shown offline while there', violations.filter(({ kind }) => kind === 'falseOffline').map(() => null), !isBroken('falseOffline')),
    row('P2', 'back within the grace', gaps.map(({ from, until }) => until - from), !isBroken('flicker')),
    row('P2', 'shown offline meanwhile', violations.filter(({ kind }) => kind === 'flicker').map(() => null), !isBroken('flicker')),
    row('P3', 'asked without Redis: unknown', presence.watches.flatMap((watch) => findUnasked(watch, conditions)).map(({ askedAt, answeredAt }) => answeredAt - askedAt), !isBroken('knownUnasked'))
  ]
}
