import type { HistogramData } from '../../light/histogram.ts'
import type { CandidateName } from '../sample.ts'

/** One connection to be made. */
export interface Seat {
  url: string
  /** Left out where nobody is asked who they are. */
  cookie?: string | undefined
  /** The first of them is where it speaks and listens. */
  rooms: string[]
  /** User ids. */
  watches?: string[]
}

export interface OpenTask {
  candidate: CandidateName
  seats: Seat[]
  /** So many handshakes at the same moment … */
  atOnce?: number
  /** … and no quicker than this. */
  perSecond?: number
}

export interface Opened {
  connected: number
  /** Refused with `retryable` and let in later. */
  refusals: number
  /** What kept somebody out for good, each with how often. */
  failures: Record<string, number>
  elapsedMs: number
  /** Of each, from its first attempt on. */
  us: HistogramData
}

export interface DriveTask {
  /** Which of the seats send, in turn; none: this worker only listens. */
  senders: number[]
  durationMs: number
  /**
   * Either so many messages on their way, the next one sent when one is acked, or has come back to its sender as well;
   * or so many a second; the phase (0 to 1) keeps processes from sending at the same moment.
   */
  load: { inFlight: number, until: 'acked' | 'returned' } | { perSecond: number, phase?: number }
}

export interface Driven {
  /** Acked messages by room. */
  acked: Record<string, number>
  /** What others were answered, each with how often. */
  refused: Record<string, number>
  unanswered: number
  /** Until the last ack. */
  elapsedMs: number
  ackUs: HistogramData
}

export interface SettleTask {
  /** What every seat in these rooms must have received since the last `reset`. */
  expected: Record<string, number>
  withinMs: number
}

export interface Received {
  deliveries: number
  /** Messages that somebody did not get, or got too often. */
  missing: number
  surplus: number
  /** Gaps, repeats and swaps in the numbers of a room, where there are any. */
  disordered: number
  lostConnections: number
  us: HistogramData
  frames: number
  bytes: number
}

export interface WatchTask {
  /** Who is on line: nobody who watches them may take them for anything else. */
  onLine: string[]
  withinMs: number
}

/** What a worker can be told to do. */
export interface Tasks {
  open: { task: OpenTask, result: Opened }
  /** Forgets what was received. */
  reset: { task: null, result: null }
  drive: { task: DriveTask, result: Driven }
  settle: { task: SettleTask, result: Received }
  settleWatchers: { task: WatchTask, result: { wrong: number, waitedMs: number } }
  close: { task: null, result: null }
}

export type TaskName = keyof Tasks

export interface Order<Name extends TaskName = TaskName> {
  id: number
  name: Name
  task: Tasks[Name]['task']
}

export interface Outcome {
  id: number
  result?: unknown
  failure?: string
}
