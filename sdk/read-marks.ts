import type { Connection } from './connection.ts'
import { unlessPassing } from './errors.ts'
import type { RoomModel } from './room-model.ts'

/** Tells the server how far one has read: the furthest of what was said meanwhile, when there is a connection. */
export class ReadMarks {
  readonly #connection: Connection
  readonly #onError: (error: unknown) => void
  readonly #wanted = new Map<RoomModel, number>()
  readonly #sending = new Set<RoomModel>()

  constructor (connection: Connection, onError: (error: unknown) => void) {
    this.#connection = connection
    this.#onError = onError
  }

  mark (room: RoomModel, seq: number): void {
    if (seq <= Math.max(room.reading.readSeq, this.#wanted.get(room) ?? 0)) return
    room.read(seq)
    this.#wanted.set(room, seq)
    if (!this.#sending.has(room)) void this.#send(room)
  }

  async #send (room: RoomModel): Promise<void> {
    this.#sending.add(room)
    try {
      for (let seq = this.#wanted.get(room); seq !== undefined; seq = this.#wanted.get(room)) {
        const { readSeq } = await this.#connection.ask('read:mark', { roomId: room.roomId, seq })
        // A connection that began meanwhile has told how far it was before.
        room.read(readSeq)
        if (this.#wanted.get(room) === seq) this.#wanted.delete(room)
      }
    } catch (error) {
      // Not in the room any more, or signed out: there is nothing left to mark.
      this.#wanted.delete(room)
      unlessPassing(this.#onError)(error)
    } finally {
      this.#sending.delete(room)
    }
  }
}
