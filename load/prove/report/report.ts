import type { Violation } from '../check/index.ts'
import type { Moment } from '../measures.ts'
import type { Options } from '../options.ts'
import type { PromiseResult } from './promises.ts'

/** One fault that was done, and what came of it. Times are milliseconds. */
export interface FaultResult {
  name: string
  detail: string
  /** Since the beginning of the run. */
  atMs: number
  /** When it was over. */
  liftedAtMs: number
  /** Until everybody who could heard everything, while it lasted; null when that did not happen in time. */
  duringMs?: number | null
  /** From its end until everybody was connected and heard everything, and all nodes were ready. */
  healedMs: number | null
  isKept: boolean
}

export interface Counts {
  asked: number
  acked: number
  refused: number
  /** Attempts beyond the first. */
  repeated: number
  /** Messages of the SDK that stand behind a later one of the same client, after a refusal that passed. */
  overtaken: number
  delivered: number
  /** Connections beyond each client's first. */
  reconnects: number
  syncs: number
  clients: number
  rooms: number
  events: number
}

/** What `--json` writes. */
export interface Report {
  isKept: boolean
  seed: string
  options: Options
  startedAt: string
  durationMs: number
  counts: Counts
  ackMs: { p50: number | null, p99: number | null, max: number | null }
  deliveryMs: { p50: number | null, p99: number | null, max: number | null }
  faults: FaultResult[]
  promises: PromiseResult[]
  violations: Violation[]
  timeline: Moment[]
  /** Where the cluster's data and logs are, when they were kept. */
  dataDir?: string
}
