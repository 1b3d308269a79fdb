import type { RoomEvent } from '../contract/index.ts'

/** How far one has read, and how much is left. A value, like the log. */
export interface ReadState {
  readonly readSeq: number
  readonly unread: number
  /** Up to here the server has counted: later events are counted here. */
  readonly countedTo: number
  /** Messages of others after `countedTo`, ascending. */
  readonly later: readonly number[]
}

export const nothingRead: ReadState = { readSeq: 0, unread: 0, countedTo: 0, later: [] }

/** What the server said: it holds from here on. */
export function startReading ({ readSeq, unread, lastSeq }: { readSeq: number, unread: number, lastSeq: number }): ReadState {
  return { readSeq, unread, countedTo: lastSeq, later: [] }
}

/** Counts messages of others; one's own moves the mark, as it does on the server. */
export function countEvents (state: ReadState, events: readonly RoomEvent[], userId: string): ReadState {
  let next = state
  for (const { type, actorId, seq } of events) {
    if (type !== 'message.sent' || seq <= next.countedTo) continue
    if (actorId === userId) next = moveMark(next, seq)
    else if (seq > next.readSeq && seq > (next.later.at(-1) ?? 0)) next = { ...next, unread: next.unread + 1, later: [...next.later, seq] }
  }
  return next
}

/** The mark moves forward only. How many of those that the server counted lie before it, only the server knows. */
export function moveMark (state: ReadState, readSeq: number): ReadState {
  if (readSeq <= state.readSeq) return state
  const later = state.later.filter((seq) => seq > readSeq)
  const counted = readSeq >= state.countedTo ? 0 : state.unread - state.later.length
  return { ...state, readSeq, later, unread: counted + later.length }
}
