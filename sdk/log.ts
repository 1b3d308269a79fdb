import type { RoomEvent } from '../contract/index.ts'

/** A place in a room's log: everything up to `seq`, in the life of the log that `epoch` names. */
export interface Position {
  seq: number
  epoch?: string | undefined
}

/** Where a log begins for which there is no position: with its first event, or with the next one. */
export type LogStart = 'beginning' | 'now'

/**
 * What is known of one room's log. A value: `stepLog` makes the next one, `askOf` says what it lacks. No network, no clock.
 */
export interface LogState {
  readonly start: LogStart
  /** The app has been given everything up to here; undefined before it is known where to begin. */
  readonly seq: number | undefined
  readonly epoch: string | undefined
  /** Events beyond a hole, ascending; only of this connection. */
  readonly early: readonly RoomEvent[]
  /** The highest seq that the node at the other end has spoken of: it can answer for what is before. */
  readonly told: number
  /** The highest seq heard of on this connection, also from Postgres, which may be ahead of the node. */
  readonly known: number
  /** Whether this connection speaks of the log that `epoch` names. */
  readonly isVerified: boolean
  /** Whether we have more than the node: it lags, or the log has lost its end. Postgres knows. */
  readonly isAhead: boolean
}

export type LogInput =
  /** `session:ready` or `room:joined`: the first live event will be `lastSeq` + 1. */
  | { type: 'joined', lastSeq: number, epoch: string }
  /** The room stands in `GET /rooms`, which reads Postgres; live events may have come already. */
  | { type: 'listed', lastSeq: number, epoch: string }
  /** `room:events`. */
  | { type: 'live', events: readonly RoomEvent[] }
  /** The answer to an ask of kind `sync`. */
  | { type: 'synced', after: number, events: readonly RoomEvent[], lastSeq: number, epoch: string, reset?: boolean | undefined }
  /** The answer to an ask of kind `check`, by `GET /rooms/:roomId/events`. */
  | { type: 'checked', after: number, events: readonly RoomEvent[], lastSeq: number, epoch: string }
  /** The connection is gone, or the membership. */
  | { type: 'lost' }

export interface LogStep {
  state: LogState
  /** Due to the app: ascending, once, without a gap. */
  events: readonly RoomEvent[]
  /** Comes before the events: forget all that was given of this room, the log goes on after this place. */
  reset?: { seq: number, epoch: string }
}

/** What to ask the server next: `room:sync`, or Postgres by REST. */
export interface LogAsk {
  kind: 'sync' | 'check'
  after: number
  epoch: string | undefined
}

/** Events kept beyond a hole; what is further out is asked for when the hole is filled. */
const maxEarly = 1000

export function startLog (start: LogStart, position?: Position): LogState {
  return { start, seq: position?.seq, epoch: position?.epoch, early: [], told: 0, known: 0, isVerified: false, isAhead: false }
}

/** Takes in what happened. Every order and any repetition of inputs ends in the same log. */
export function stepLog (state: LogState, input: LogInput): LogStep {
  switch (input.type) {
    case 'joined':
    case 'listed': return begin(state, input)
    case 'live': return take(hearOf(state, lastOf(input.events)), input.events)
    case 'synced': return synced(state, input)
    case 'checked': return checked(state, input)
    case 'lost': return { state: { ...state, early: [], told: 0, known: 0, isVerified: false, isAhead: false }, events: [] }
  }
}

/** What is lacking; nothing while all is well, or before the connection has spoken of the room. */
export function askOf ({ start, seq, epoch, early, told, known, isVerified, isAhead }: LogState): LogAsk | undefined {
  // Live events of a room that nobody has introduced: one beyond the 500 of `session:ready`.
  const first = early[0]?.seq ?? 1
  const after = seq ?? (start === 'now' ? first - 1 : 0)
  const isLacking = isVerified ? isAhead || after < known : early.length > 0
  // Asked for what is after its own end, a node says that the log has another life.
  return isLacking ? { kind: isAhead || after > told ? 'check' : 'sync', after, epoch } : undefined
}

function begin (before: LogState, { type, lastSeq, epoch }: { type: 'joined' | 'listed', lastSeq: number, epoch: string }): LogStep {
  const state = type === 'joined' ? hearOf(before, lastSeq) : { ...before, known: Math.max(before.known, lastSeq) }
  if (isOther(state, epoch)) return restart({ ...state, early: state.isVerified ? [] : state.early }, { lastSeq, epoch })
  const first = state.early[0]?.seq ?? Infinity
  const seq = state.seq ?? (state.start === 'now' ? Math.min(lastSeq, first - 1) : 0)
  return take({ ...state, seq, epoch, isVerified: true, isAhead: seq > state.known }, [])
}

function synced (state: LogState, { after, events, lastSeq, epoch, reset = false }: Extract<LogInput, { type: 'synced' }>): LogStep {
  if (reset || isOther(state, epoch)) {
    // What came before an answer from another life may be of either.
    const before = state.isVerified ? { ...state, early: [], told: 0, known: 0 } : state
    return restart(hearOf(before, lastSeq), { lastSeq, epoch, events })
  }
  return take({ ...hearOf(state, lastSeq), seq: state.seq ?? after, epoch, isVerified: true }, events)
}

function checked (state: LogState, { after, events, lastSeq, epoch }: Extract<LogInput, { type: 'checked' }>): LogStep {
  if (isOther(state, epoch) || lastSeq < after) return restart(state, { lastSeq, epoch })
  return take({ ...state, seq: state.seq ?? after, epoch, isVerified: true, isAhead: false }, events)
}

function isOther ({ epoch: known }: LogState, epoch: string): boolean {
  return known !== undefined && known !== epoch
}

function hearOf (state: LogState, seq: number): LogState {
  return { ...state, told: Math.max(state.told, seq), known: Math.max(state.known, seq) }
}

interface Restart {
  lastSeq: number
  epoch: string
  events?: readonly RoomEvent[]
}

/** The log has another life, or does not reach back to where we are: from its beginning as far as it is to be had, or from now. */
function restart (state: LogState, { lastSeq, epoch, events = [] }: Restart): LogStep {
  const first = state.early[0]?.seq ?? Infinity
  const seq = state.start === 'now' ? Math.min(lastSeq, first - 1) : (events[0]?.seq ?? 1) - 1
  const { state: next, events: due } = take({ ...state, seq, epoch, isVerified: true, isAhead: false }, events)
  return { state: next, events: due, reset: { seq, epoch } }
}

/** Merges events in and takes out those that are due. */
function take (state: LogState, events: readonly RoomEvent[]): LogStep {
  const waiting = merge(state.early, events)
  if (!state.isVerified || state.isAhead || state.seq === undefined) return { state: { ...state, early: waiting.slice(0, maxEarly) }, events: [] }
  let seq = state.seq
  const due: RoomEvent[] = []
  const early: RoomEvent[] = []
  for (const event of waiting) {
    if (event.seq === seq + 1) {
      seq++
      due.push(event)
    } else if (event.seq > seq) {
      early.push(event)
    }
  }
  return { state: { ...state, seq, early: early.slice(0, maxEarly) }, events: due }
}

/** Both together, ascending and each once. Nothing early, and events in order: the usual case needs no work. */
function merge (early: readonly RoomEvent[], events: readonly RoomEvent[]): readonly RoomEvent[] {
  if (early.length === 0 && isAscending(events)) return events
  return [...early, ...events].sort((a, b) => a.seq - b.seq).filter(({ seq }, index, all) => seq !== all[index - 1]?.seq)
}

function isAscending (events: readonly RoomEvent[]): boolean {
  return events.every((event, index) => index === 0 || (events[index - 1]?.seq ?? 0) < event.seq)
}

function lastOf (events: readonly RoomEvent[]): number {
  return events.reduce((last, { seq }) => Math.max(last, seq), 0)
}
