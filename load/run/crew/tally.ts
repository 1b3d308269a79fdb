import { Histogram, type HistogramData } from '../../light/histogram.ts'
import { noFaults } from '../check/faults.ts'

/** What is measured, in microseconds. */
export const measureNames = ['ack', 'delivery', 'connect', 'signIn', 'presence', 'lateness'] as const
export type MeasureName = typeof measureNames[number]

export interface Counts {
  sent: number
  acked: number
  /** Messages that came live, one for each listener. */
  delivered: number
  /** Messages that came by a sync after a reconnect. */
  caughtUp: number
  connects: number
}

/** How often, by what the server or the connection said. */
export type Reasons = Record<string, number>

/** What happened since the last time somebody looked. */
export interface Window {
  counts: Counts
  measures: Partial<Record<MeasureName, HistogramData>>
  /** Nothing that was to be expected: each makes the run a failure. */
  failed: Reasons
  /** Was tried again as the server said, or as a client does. */
  retried: Reasons
  /** By what the server limits. */
  limited: Reasons
}

function noCounts (): Counts {
  return { sent: 0, acked: 0, delivered: 0, caughtUp: 0, connects: 0 }
}

/** Everything that one process counts. */
export class Tally {
  readonly faults = noFaults()
  counts = noCounts()
  #measures = new Map<MeasureName, Histogram>()
  #failed: Reasons = {}
  #retried: Reasons = {}
  #limited: Reasons = {}

  measure (name: MeasureName, ms: number): void {
    let histogram = this.#measures.get(name)
    if (!histogram) this.#measures.set(name, histogram = new Histogram())
    histogram.record(ms * 1000)
  }

  fail (reason: string): void { add(this.#failed, reason) }
  retry (reason: string): void { add(this.#retried, reason) }
  limit (what: string): void { add(this.#limited, what) }

  /** Hands out what there is, and begins anew; the faults stay. */
  take (): Window {
    const taken = {
      counts: this.counts,
      measures: Object.fromEntries([...this.#measures].map(([name, histogram]) => [name, histogram.toJSON()])),
      failed: this.#failed,
      retried: this.#retried,
      limited: this.#limited
    }
    this.counts = noCounts()
    this.#measures = new Map()
    this.#failed = {}
    this.#retried = {}
    this.#limited = {}
    return taken
  }
}

function add (reasons: Reasons, reason: string): void {
  reasons[reason] = (reasons[reason] ?? 0) + 1
}
