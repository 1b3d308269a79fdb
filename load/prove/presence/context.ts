import type { Violation } from '../check/violation.ts'
import type { PresenceHistory } from './history.ts'

const nearMs = 15_000
const mostLines = 25

/** Adds what is known of somebody around that time: their own connections, and what observers were told of them. */
export function addSights (violation: Violation, { names, stays, watches }: PresenceHistory): Violation {
  const { at, client } = violation
  const userId = [...names].find(([, name]) => name === client)?.[0]
  if (at === undefined || userId === undefined) return violation
  const isNear = (time: number): boolean => Math.abs(time - at) < nearMs
  const lines = [
    ...stays.filter((stay) => stay.userId === userId && stay.from < at + nearMs && (stay.until ?? Infinity) > at - nearMs).map(({ node, from, until, how }) =>
      ({ time: from, text: `was on ${node} ${until === undefined ? 'from then on' : `until ${clock(until)} (${how})`}` })),
    ...watches.flatMap(({ observer, node, sights }) => sights.filter((sight) => sight.userId === userId && isNear(sight.at)).map(({ at: time, status, sinceMs }) =>
      ({ time, text: `${observer} on ${node} was told ${status}${sinceMs === null ? '' : ` since ${clock(sinceMs)}`}` })))
  ]
  const context = lines.sort((a, b) => a.time - b.time).slice(0, mostLines).map(({ time, text }) => `${clock(time)} ${text}`)
  return { ...violation, context: [`at ${clock(at)}`, ...context] }
}

function clock (ms: number): string {
  return new Date(ms).toISOString().slice(11, 23)
}
