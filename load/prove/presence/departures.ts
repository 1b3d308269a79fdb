import { countFrom, type Conditions } from '../conditions.ts'
import { groupBy } from '../group.ts'
import type { PresenceHistory, Watch } from './history.ts'
import type { Stay } from './stays.ts'

/** What P1 promises of those whose node was killed. */
export const crashToOfflineMs = 10_000
/** The grace, and then no longer than after a crash. */
export const leftToOfflineMs = 5000 + crashToOfflineMs

/** Somebody whose last connection went, and who was not back before they had to be seen offline. */
export interface Departure {
  userId: string
  how: 'killed' | 'left'
  at: number
  watches: Array<{
    observer: string
    /** Until that observer saw them offline; null when that was not seen. */
    ms: number | null
    /** Had to be seen offline, and was not. */
    isGhost: boolean
    /** What was seen when they had to be offline. */
    shown: string
  }>
}

export function findDepartures (history: PresenceHistory, conditions: Conditions): Departure[] {
  const staysOf = groupBy(history.stays, ({ userId }) => userId)
  return [...staysOf].flatMap(([userId, stays]) => {
    const killed = conditions.silences.filter(({ why }) => why === 'killed').flatMap(({ node, from }) => {
      const open = stays.filter((stay) => stay.from < from && (stay.until ?? Infinity) >= from)
      return open.length > 0 && open.every((stay) => stay.node === node) ? [{ how: 'killed' as const, at: from, node }] : []
    })
    const left = stays.filter(({ how, until }) => how === 'left' && !stays.some((other) => other.from < (until ?? 0) && (other.until ?? Infinity) > (until ?? 0)))
      .map(({ until = 0, node }) => ({ how: 'left' as const, at: until, node }))
    return [...killed, ...left].map(({ how, at, node }) => ({
      userId, how, at, watches: history.watches.flatMap((watch) => see(watch, { userId, how, at, node }, stays, history, conditions))
    }))
  })
}

function see (
  watch: Watch, { userId, how, at, node }: { userId: string, how: Departure['how'], at: number, node: string },
  stays: Stay[], { endedAt }: PresenceHistory, conditions: Conditions
): Departure['watches'] {
  const boundMs = how === 'killed' ? crashToOfflineMs : leftToOfflineMs
  const back = Math.min(endedAt, ...stays.filter(({ from }) => from > at).map(({ from }) => from))
  const until = Math.min(back, watch.until ?? endedAt)
  if (watch.from > at || until < at) return []
  const sights = watch.sights.filter((sight) => sight.userId === userId && sight.at <= until)
  const first = sights.find((sight) => sight.at >= at && sight.status === 'offline')
  // The node that they were on may itself be unable to say that they have gone.
  const due = boundMs + Math.max(countFrom(conditions, watch.node, at, boundMs), how === 'left' ? countFrom(conditions, node, at, boundMs) : at)
  const shown = sights.findLast((sight) => sight.at <= due)?.status ?? 'not seen'
  const isGhost = due < until && shown !== 'offline'
  return [{ observer: watch.observer, ms: first ? first.at - at : null, isGhost, shown }]
}
