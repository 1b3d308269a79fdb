import type { RoomEvent } from '../contract/index.ts'

/** How far one has read, and how much is left. A value, like the log. */
export interface ReadState {
  readonly readSeq: number
  readonly unread: number
  /** Of them, those that mention oneself. */
  readonly unreadMentions: number
  /** Up to here the server has counted: later events are counted here. */
  readonly countedTo: number
  /** Messages of others after `countedTo`, ascending. */
  readonly later: readonly number[]
  /** Of them, those that mention oneself. */
  readonly laterMentions: readonly number[]
}

export const nothingRead: ReadState = { readSeq: 0, unread: 0, unreadMentions: 0, countedTo: 0, later: [], laterMentions: [] }

/** What the server said: it holds from here on. */
export function startReading (
  { readSeq, unread, unreadMentions, lastSeq }: { readSeq: number, unread: number, unreadMentions: number, lastSeq: number }
): ReadState {
  return { readSeq, unread, unreadMentions, countedTo: lastSeq, later: [], laterMentions: [] }
}

/**
 * Counts messages of others; one's own moves the mark, as it does on the server. What becomes of a mention that the server
 * counted, when its message is edited or deleted, only the server knows.
 */
export function countEvents (state: ReadState, events: readonly RoomEvent[], userId: string): ReadState {
  let next = state
  for (const event of events) {
    if (event.seq <= next.countedTo) continue
    if (event.type === 'message.sent') next = countMessage(next, event, userId)
    else if (event.type === 'message.edited') next = setMention(next, event.data.seq, isCalled(event, userId))
    else if (event.type === 'message.deleted') next = setMention(next, event.data.seq, false)
  }
  return next
}

type TextEvent = Extract<RoomEvent, { type: 'message.sent' | 'message.edited' }>

function isCalled ({ actorId, data }: TextEvent, userId: string): boolean {
  return actorId !== userId && (data.mentions?.includes(userId) ?? false)
}

function countMessage (state: ReadState, event: TextEvent, userId: string): ReadState {
  const { actorId, seq } = event
  if (actorId === userId) return moveMark(state, seq)
  if (seq <= state.readSeq || seq <= (state.later.at(-1) ?? 0)) return state
  return setMention({ ...state, unread: state.unread + 1, later: [...state.later, seq] }, seq, isCalled(event, userId))
}

/** Whether this message mentions oneself, if it is one of those counted here. */
function setMention (state: ReadState, seq: number, isMention: boolean): ReadState {
  if (!state.later.includes(seq) || state.laterMentions.includes(seq) === isMention) return state
  const others = state.laterMentions.filter((each) => each !== seq)
  return {
    ...state,
    unreadMentions: state.unreadMentions + (isMention ? 1 : -1),
    laterMentions: isMention ? [...others, seq] : others
  }
}

/** The mark moves forward only. How many of those that the server counted lie before it, only the server knows. */
export function moveMark (state: ReadState, readSeq: number): ReadState {
  if (readSeq <= state.readSeq) return state
  const later = state.later.filter((seq) => seq > readSeq)
  const laterMentions = state.laterMentions.filter((seq) => seq > readSeq)
  const isCountedRead = readSeq >= state.countedTo
  const counted = isCountedRead ? 0 : state.unread - state.later.length
  const countedMentions = isCountedRead ? 0 : state.unreadMentions - state.laterMentions.length
  return {
    ...state,
    readSeq,
    later,
    laterMentions,
    unread: counted + later.length,
    unreadMentions: countedMentions + laterMentions.length
  }
}
