import type { Faults } from '../check/faults.ts'
import type { Counts, MeasureName, Reasons } from '../crew/tally.ts'
import type { Plan } from '../plan.ts'
import type { LoopLoad } from '../watch/loop-watch.ts'
import type { ServerSample } from '../watch/server-watch.ts'

/** Milliseconds, but for the count. */
export interface Latency {
  count: number
  p50: number
  p95: number
  p99: number
  max: number
}

/** What happened within one second. */
export interface Moment extends Counts {
  second: number
  connected: number
  failed: number
  ack: Latency | null
  delivery: Latency | null
  servers: ServerSample[]
  /** How busy this machine's cores were, 0 to 1. */
  machine: number | null
}

export interface ServerSummary {
  name: string
  /** Of one core. */
  cpuMean: number
  cpuMax: number
  memoryMaxBytes: number | null
}

export interface TesterSummary {
  workers: Array<{ name: string } & LoopLoad>
  /** So that the latencies are its own in part. */
  isBusy: boolean
  /** How late messages were sent, measured as part of their latency. */
  lateness: Latency | null
  /** How busy this machine's cores were, 0 to 1. */
  machine: number | null
}

/** What came of one scenario. */
export interface ScenarioResult {
  plan: Plan
  isKept: boolean
  wasStopped: boolean
  /** For which the figures hold. */
  seconds: number
  counts: Counts
  /** A second. */
  throughput: { sent: number, acked: number, delivered: number }
  latencies: Partial<Record<MeasureName, Latency>>
  faults: Faults
  failed: Reasons
  retried: Reasons
  limited: Reasons
  /** How many people were on which node in the beginning. */
  nodes: Record<string, number>
  servers: ServerSummary[]
  /** Of all nodes and stores that are known, for each message that somebody got. */
  cpuMicrosPerDelivery: number | null
  tester: TesterSummary
  /** What whoever reads the figures must know, in sentences. */
  notes: string[]
  timeline: Moment[]
}

/** What `--json` writes. */
export interface LoadReport {
  isKept: boolean
  wasStopped: boolean
  /** Why it could not be brought to an end. */
  failure?: string
  startedAt: string
  target: string
  seed: string
  prefix: string
  scenarios: ScenarioResult[]
}
