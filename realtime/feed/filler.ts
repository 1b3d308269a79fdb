import { setTimeout as wait } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'
import type { RoomEvent } from '../../contract/index.ts'
import type { History } from '../../domain/history.ts'
import type { LocalRoom } from './local-room.ts'

export interface FillerOptions {
  history: History
  log: FastifyBaseLogger
  /** How long a hole waits for the notice that is on its way. */
  holeMs: number
  isLocal: (room: LocalRoom) => boolean
  onDue: (room: LocalRoom, events: RoomEvent[]) => void
  /** Counts what had to be read because no notice brought it. */
  onFilled: (count: number) => void
}

const roomsPerQuery = 200
/** Rows of one query, over all its rooms. */
const rowsPerQuery = 2000

/** Reads what notices have not brought: of many rooms at once, in order, up to the ends of their logs. */
export class Filler {
  readonly #options: FillerOptions
  /** Rooms that miss something, and up to where at least. */
  readonly #behind = new Map<LocalRoom, number>()
  #isWaiting = false

  constructor (options: FillerOptions) {
    this.#options = options
  }

  /** Waits a moment first: two nodes that write the same room cross each other all the time. */
  soon (room: LocalRoom, head = 0): void {
    this.#behind.set(room, Math.max(head, this.#behind.get(room) ?? 0))
    if (this.#isWaiting) return
    this.#isWaiting = true
    wait(this.#options.holeMs).then(() => {
      this.#isWaiting = false
      const behind = [...this.#behind].filter(([each, seq]) => each.hasHole || each.tail < seq).map(([each]) => each)
      this.#behind.clear()
      return this.now(behind)
    }).catch((error: unknown) => { this.#options.log.warn({ err: error }, 'holes could not be filled; the next check tries again') })
  }

  /** @throws when Postgres cannot be asked. */
  async now (rooms: LocalRoom[]): Promise<void> {
    for (let start = 0; start < rooms.length; start += roomsPerQuery) {
      let unfinished = rooms.slice(start, start + roomsPerQuery).filter(this.#options.isLocal)
      while (unfinished.length > 0) unfinished = await this.#fill(unfinished)
    }
  }

  /** One page of each room; returns those that have more. */
  async #fill (rooms: LocalRoom[]): Promise<LocalRoom[]> {
    const { history, isLocal } = this.#options
    const limit = Math.min(500, Math.ceil(rowsPerQuery / rooms.length))
    const before = rooms.map(({ tail, hasHole }) => ({ tail, hadHole: hasHole }))
    const events = await history.readEventsOfRooms(rooms.map(({ roomId, tail }) => ({ roomId, after: tail })), limit)
    const byRoom = new Map(rooms.map((room) => [room.roomId, [] as RoomEvent[]]))
    for (const event of events) byRoom.get(event.roomId)?.push(event)
    return rooms.filter((room, index) => {
      const read = byRoom.get(room.roomId) ?? []
      return isLocal(room) && this.#take(room, read, before[index]) && read.length === limit
    })
  }

  #take (room: LocalRoom, read: RoomEvent[], before: { tail: number, hadHole: boolean } | undefined): true {
    const due = room.take(read)
    this.#options.onFilled(due.length)
    if (due.length > 0) this.#options.onDue(room, due)
    // What lay beyond the hole speaks of a log that is no more: the next check looks at the room's head.
    else if (before?.hadHole && before.tail === room.tail) room.forgetEarly()
    if (room.hasHole) this.soon(room)
    return true
  }
}
