import { groupBy } from '../group.ts'
import type { Conditions, Interval } from '../conditions.ts'
import { overlaps } from '../conditions.ts'
import type { Violation } from '../check/violation.ts'
import { addSights } from './context.ts'
import { findDepartures, type Departure } from './departures.ts'
import type { PresenceHistory, Sight, Watch } from './history.ts'
import { checkPictures } from './pictures.ts'
import { findSpans, noticedMs, subtract, type Span } from './spans.ts'
import { statusOf } from './stays.ts'

const mostWithContext = 40

/** Decides whether what observers saw keeps P1, P2 and P3. Pure. */
export function checkPresence (history: PresenceHistory, conditions: Conditions): Violation[] {
  const { names, stays, watches, endedAt } = history
  const staysOf = groupBy(stays, ({ userId }) => userId)
  const spansOf = new Map([...names.keys()].map((userId) => [userId, findSpans(staysOf.get(userId) ?? [], conditions, endedAt)]))
  const found = [
    ...watches.flatMap((watch) => checkOffline(watch, spansOf, history, conditions)),
    ...watches.flatMap((watch) => checkOrder(watch, names, conditions)),
    ...watches.flatMap((watch) => checkPictures(watch, names, conditions)),
    ...findDepartures(history, conditions).flatMap((departure) => checkDeparture(departure, names)),
    ...checkTheEnd(history)
  ]
  return found.map((violation, index) => index < mostWithContext ? addSights(violation, history) : violation)
}

/** Nobody who is surely there is shown as offline. */
function checkOffline (watch: Watch, spansOf: Map<string, Span[]>, { names, endedAt }: PresenceHistory, conditions: Conditions): Violation[] {
  const { observer, node, until = endedAt } = watch
  // Of what is said after a node was stopped, some was meant for before; a node without Redis says what it knew last.
  const blind = conditions.silences.filter((silence) => silence.node === node).map(({ why, from, until: end }) => ({ why, from, until: end + noticedMs }))
  return [...groupBy(watch.sights, ({ userId }) => userId)].flatMap(([userId, sights]) => sights.flatMap((sight, index) => {
    if (sight.status !== 'offline') return []
    const shown = { from: sight.at, until: sights[index + 1]?.at ?? until }
    const told = { from: sight.at, until: sight.at }
    const isLate = blind.some((each) => each.why !== 'redis' && overlaps(each, told))
    const times = [...(isLate ? [] : [told]), ...subtract(shown, blind)]
    return (spansOf.get(userId) ?? []).flatMap((span): Violation[] => {
      const sure = { from: span.from + noticedMs, until: span.until }
      const wrong = sure.from > sure.until ? undefined : times.find((time) => overlaps(time, sure))
      if (!wrong) return []
      const at = Math.max(wrong.from, sure.from)
      const gap = span.gaps.find(({ from, until: end }) => from <= at && at <= end)
      const who = names.get(userId) ?? userId
      return [gap
        ? { kind: 'flicker', at, client: who, sentence: `${who} was shown to ${observer} as offline ${at - gap.from} ms after a connection had gone, and was back after ${gap.until - gap.from} ms.` }
        : { kind: 'falseOffline', at, client: who, sentence: `${who} was shown to ${observer} as offline (told ${sight.at - span.from} ms after having come), and had a connection.` }]
    })
  }))
}

/** What is told of somebody never goes back to what was before; but Redis emptied forgets since when they are here. */
function checkOrder ({ observer, sights }: Watch, names: Map<string, string>, { silences }: Conditions): Violation[] {
  const emptied = silences.filter(({ why }) => why === 'emptied')
  return [...groupBy(sights.filter(({ sinceMs }) => sinceMs !== null), ({ userId }) => userId)].flatMap(([userId, known]) => known.flatMap((sight, index): Violation[] => {
    const before = known[index - 1]
    if (!before || (before.sinceMs ?? 0) <= (sight.sinceMs ?? 0)) return []
    const between: Interval = { from: before.at - noticedMs, until: sight.at }
    if (emptied.some((each) => overlaps(each, between))) return []
    const who = names.get(userId) ?? userId
    const sentence = `${observer} was told that ${who} is ${describe(sight)}, after having been told ${describe(before)}.`
    return [{ kind: 'wentBack', at: sight.at, client: who, sentence }]
  }))
}

function describe ({ status, sinceMs }: Sight): string {
  return `${status} since ${new Date(sinceMs ?? 0).toISOString()}`
}

function checkDeparture ({ userId, how, at, watches }: Departure, names: Map<string, string>): Violation[] {
  const who = names.get(userId) ?? userId
  return watches.filter(({ isGhost }) => isGhost).map(({ observer, shown }) => ({
    kind: 'ghost',
    at,
    client: who,
    sentence: `${who}, ${how === 'killed' ? 'whose node was killed' : 'who had left'}, was still ${shown} for ${observer} when they had to be offline.`
  }))
}

/** What every node says by REST is what is so. */
function checkTheEnd ({ names, stays, end }: PresenceHistory): Violation[] {
  const staysOf = groupBy(stays, ({ userId }) => userId)
  return end.flatMap(({ node, users }) => (users ?? []).flatMap(({ userId, status }): Violation[] => {
    const real = statusOf(staysOf.get(userId) ?? [])
    if (status === real) return []
    const who = names.get(userId) ?? userId
    return [{ kind: real === 'offline' ? 'ghost' : 'unseen', client: who, sentence: `${who} was ${real} at the end, and ${status} by ${node}.` }]
  }))
}
