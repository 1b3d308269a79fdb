import type { RoomEvent } from '../../contract/index.ts'
import { roomName } from '../names.ts'

/** So many events a recording holds; one that would need more has failed. */
const maxRecorded = 1024
/** Of the last messages that mention somebody: whom. */
const maxCalls = 64
/** Events kept beyond a hole; what is further out is read when the hole is filled. */
const maxEarly = 1024

let lives = 0

export interface LocalRoomStart {
  roomId: string
  lastSeq: number
  messageCount: number
  memberCount: number
  epoch: string
}

/** What comes live in a room from its beginning until it is ended. */
export class Recording {
  readonly #events: RoomEvent[] = []
  readonly #onEnd: (recording: Recording) => void

  constructor (onEnd: (recording: Recording) => void) {
    this.#onEnd = onEnd
  }

  take (event: RoomEvent): void {
    if (this.#events.length <= maxRecorded) this.#events.push(event)
  }

  /** What came after a seq, or undefined when it was too much to keep. */
  after (seq: number): RoomEvent[] | undefined {
    return this.#events.length > maxRecorded ? undefined : this.#events.filter((event) => event.seq > seq)
  }

  /** Nothing is kept any more. */
  end (): void {
    this.#onEnd(this)
  }
}

/**
 * What a node knows of a room that has sockets on it: how far they have been told. Pure: no socket, no store.
 *
 * Events may be offered in any order and any number of times; they come out once, ascending and without a gap.
 */
export class LocalRoom {
  readonly roomId: string
  /** What the adapter calls it: one text for all the sockets in it. */
  readonly name: string
  readonly epoch: string
  /** Another one each time that the room becomes local: between two of them people may leave it unnoticed. */
  readonly life = ++lives
  #tail: number
  #messageCount: number
  #memberCount: number
  readonly #early = new Map<number, RoomEvent>()
  readonly #recordings = new Set<Recording>()
  #calls: Array<{ seq: number, userIds: string[] }> = []

  constructor ({ roomId, lastSeq, messageCount, memberCount, epoch }: LocalRoomStart) {
    this.roomId = roomId
    this.name = roomName(roomId)
    this.epoch = epoch
    this.#tail = lastSeq
    this.#messageCount = messageCount
    this.#memberCount = memberCount
  }

  /** The seq of the last event that the sockets here were told. */
  get tail (): number {
    return this.#tail
  }

  /** How many `message.sent` there are up to the tail. */
  get messageCount (): number {
    return this.#messageCount
  }

  /** How many members there are at the tail. */
  get memberCount (): number {
    return this.#memberCount
  }

  /** Whether something later is known while something before it is missing. */
  get hasHole (): boolean {
    return this.#early.size > 0
  }

  /** Lets go of what lies beyond a hole that nothing fills. */
  forgetEarly (): void {
    this.#early.clear()
  }

  /** Takes events in, and returns those that are now due, ascending from `tail + 1`. */
  take (events: RoomEvent[]): RoomEvent[] {
    const due: RoomEvent[] = []
    for (const event of events) {
      if (event.seq === this.#tail + 1) {
        this.#advance(event, due)
        this.#takeEarly(due)
      } else if (event.seq > this.#tail && this.#early.size < maxEarly) {
        this.#early.set(event.seq, event)
      }
    }
    return due
  }

  /** Whether anybody reads its log just now. */
  get isRecorded (): boolean {
    return this.#recordings.size > 0
  }

  /**
   * Keeps what comes live from now on, so that whoever reads the log meanwhile can end exactly where the next live event
   * begins. Only while somebody does: what every room kept of its last events would be most of what a busy node holds.
   */
  record (): Recording {
    const recording = new Recording((ended) => { this.#recordings.delete(ended) })
    this.#recordings.add(recording)
    return recording
  }

  /** How many of the live messages after a seq mention this user, as far as they are kept. */
  mentionsAfter (after: number, userId: string): number {
    // Of most rooms there are none, and everybody who enters one asks.
    return this.#calls.length === 0 ? 0 : this.#calls.filter(({ seq, userIds }) => seq > after && userIds.includes(userId)).length
  }

  #takeEarly (due: RoomEvent[]): void {
    for (;;) {
      const next = this.#early.get(this.#tail + 1)
      if (!next) break
      this.#early.delete(next.seq)
      this.#advance(next, due)
    }
  }

  #advance (event: RoomEvent, due: RoomEvent[]): void {
    this.#tail = event.seq
    if (event.type === 'message.sent') this.#count(event.seq, event.data.mentions)
    else if (event.type === 'member.joined') this.#memberCount++
    else if (event.type === 'member.left') this.#memberCount--
    for (const recording of this.#recordings) recording.take(event)
    due.push(event)
  }

  #count (seq: number, mentions: string[] | undefined): void {
    this.#messageCount++
    if (!mentions) return
    this.#calls.push({ seq, userIds: mentions })
    if (this.#calls.length > maxCalls) this.#calls.shift()
  }
}
