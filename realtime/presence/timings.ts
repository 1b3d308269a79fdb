export interface Timings {
  /** How long a node may be silent before its connections no longer count. It is renewed three times as often. */
  leaseMs: number
  /** How long a dropped connection counts on. */
  graceMs: number
  /** The same where a draining node closed it: the client was told to come back, and shall have the time to. */
  drainGraceMs: number
  /** How long changes are gathered before watchers hear of them. */
  tickMs: number
  /** How often watched people are read anew, in case a change was not heard. */
  refreshMs: number
  /** How long a subscription is waited for; without it, changes are polled for. */
  subscribeMs: number
}

export const standardTimings: Timings = {
  leaseMs: 3000,
  graceMs: 5000,
  drainGraceMs: 10_000,
  tickMs: 100,
  refreshMs: 30_000,
  subscribeMs: 500
}

/** How often a lease is renewed. */
export function beatMs ({ leaseMs }: Timings): number {
  return leaseMs / 3
}
