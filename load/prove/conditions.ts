/** A fault, from just before it was done until all was well again; `until` is Infinity while it stands. */
export interface Disturbance {
  name: string
  from: number
  until: number
}

/** A time in which a node did nothing, or could not ask Redis. One of no length: Redis was emptied, for all nodes. */
export interface Silence {
  node: string
  why: 'killed' | 'stopped' | 'redis' | 'emptied'
  from: number
  until: number
}

/** What was broken when, as far as promises about time depend on it. Times are milliseconds since the epoch. */
export interface Conditions {
  nodes: string[]
  disturbances: Disturbance[]
  silences: Silence[]
}

export interface Interval {
  from: number
  until: number
}

export function overlaps (one: Interval, other: Interval): boolean {
  return one.from <= other.until && other.from <= one.until
}

/** The fault that stood or was being mended then, if there was one. */
export function faultDuring ({ disturbances }: Conditions, interval: Interval): string | undefined {
  return disturbances.find((disturbance) => overlaps(disturbance, interval))?.name
}

/**
 * From when on a promise of `withinMs` counts that should have begun at `at`: whenever the node is silent before the
 * time is up, it begins anew at the silence's end. Without a node, that of the last of all.
 */
export function countFrom (conditions: Conditions, node: string | undefined, at: number, withinMs: number): number {
  if (node === undefined) return Math.max(at, ...conditions.nodes.map((each) => countFrom(conditions, each, at, withinMs)))
  let start = at
  const silences = conditions.silences.filter((silence) => silence.node === node).toSorted((a, b) => a.from - b.from)
  for (const { from, until } of silences) if (until > start && from < start + withinMs) start = until
  return start
}
