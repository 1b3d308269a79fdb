import { overlaps, type Conditions, type Interval, type Silence } from '../conditions.ts'
import type { Stay } from './stays.ts'

/** A dropped connection counts on for 5 s; what is within a second of that may be seen either way. */
export const surelyWithinGraceMs = 4000
/** Within which what has changed is sure to be seen, and connections of a node that was away are back. */
export const noticedMs = 5000
/** A lease lasts 3 s and is renewed every second: a node that is away for less is not taken for dead. */
const leaseLeastMs = 2000

/** A time in which somebody must not be seen offline. */
export interface Span extends Interval {
  /** Times without a connection in it, which the grace has to cover. */
  gaps: Interval[]
}

/**
 * When somebody is surely there. The rule: a connection counts from `session:ready` until its client knew it closed. It
 * does not count while its node cannot keep its lease, and for 5 s after that: killed, stopped, or cut off from Redis
 * for 2 s while another node was not, since the others cannot tell that from a death. When no node has Redis, nobody's
 * lease is ended by anybody, so that it counts on. A connection that broke, or was closed by its client, while it
 * counted, counts on until the next one, if that came within the grace; one whose session ended does not.
 */
export function findSpans (stays: Stay[], conditions: Conditions, endedAt: number): Span[] {
  const counted = stays.flatMap((stay) => subtract({ from: stay.from, until: stay.until ?? endedAt }, awayTimes(conditions, stay.node)))
  const gaps = findGaps(stays, conditions)
  const spans: Span[] = []
  for (const { from, until } of [...counted, ...gaps].sort((a, b) => a.from - b.from)) {
    const last = spans.at(-1)
    if (last && from <= last.until) last.until = Math.max(last.until, until)
    else spans.push({ from, until, gaps: [] })
  }
  for (const span of spans) span.gaps = gaps.filter((gap) => overlaps(gap, span))
  return spans
}

/** Every time at which somebody had no connection at all, and came back soon enough. */
export function findGaps (stays: Stay[], conditions: Conditions): Interval[] {
  return stays.flatMap(({ node, until, how }): Interval[] => {
    if (until === undefined || how === undefined || how === 'signedOut' || how === 'silent') return []
    const isElsewhere = stays.some((other) => other.from < until && (other.until ?? Infinity) > until)
    const next = stays.filter(({ from }) => from >= until).sort((a, b) => a.from - b.from)[0]
    if (isElsewhere || !next || next.from - until > surelyWithinGraceMs) return []
    const gap = { from: until, until: next.from }
    const wasAway = [node, next.node].some((each) => awayTimes(conditions, each).some((away) => overlaps(away, gap)))
    return wasAway ? [] : [gap]
  })
}

/** When a node's connections cannot be expected to count. */
function awayTimes (conditions: Conditions, node: string): Interval[] {
  return conditions.silences
    .filter((silence) => silence.node === node && isLikeDeath(silence, conditions))
    .map(({ from, until }) => ({ from, until: until + noticedMs }))
}

function isLikeDeath ({ why, node, from, until }: Silence, { nodes, silences }: Conditions): boolean {
  if (why !== 'redis') return why !== 'emptied'
  return nodes.some((other) => {
    if (other === node) return false
    const own = silences.filter((silence) => silence.node === other && silence.why === 'redis')
    const reached = subtract({ from, until }, own)
    return reached.reduce((sum, part) => sum + part.until - part.from, 0) >= leaseLeastMs
  })
}

/** What is left of an interval without the others. */
export function subtract (interval: Interval, others: Interval[]): Interval[] {
  let parts = [interval]
  for (const other of others) {
    parts = parts.flatMap((part) => !overlaps(part, other)
      ? [part]
      : [{ from: part.from, until: other.from }, { from: other.until, until: part.until }].filter(({ from, until }) => from < until))
  }
  return parts
}
