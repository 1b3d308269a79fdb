import type { RoomEvent } from '../../contract/index.ts'
import { roomName } from '../names.ts'

/** Live events kept, so that a sync can end exactly where the next live event begins. */
const ringSize = 64
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
  #ring: RoomEvent[] = []
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

  /** The live events after a seq up to the tail, or undefined when they are not all kept. */
  recent (after: number): RoomEvent[] | undefined {
    if (after >= this.#tail) return []
    const start = this.#ring.length - (this.#tail - after)
    return start < 0 ? undefined : this.#ring.slice(start)
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
    this.#ring.push(event)
    if (this.#ring.length >= 2 * ringSize) this.#ring = this.#ring.slice(-ringSize)
    due.push(event)
  }

  #count (seq: number, mentions: string[] | undefined): void {
    this.#messageCount++
    if (!mentions) return
    this.#calls.push({ seq, userIds: mentions })
    if (this.#calls.length > maxCalls) this.#calls.shift()
  }
}
