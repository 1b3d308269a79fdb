import type { RoomEvent } from '../../../contract/index.ts'
import type { Faults } from '../check/faults.ts'
import { RoomRecord } from '../check/room-record.ts'

export interface EventsFrame {
  roomId: string
  events: RoomEvent[]
}

/** A message says at its beginning when it should have been sent. */
export function writeText (dueAt: number, bytes: number): string {
  return `${dueAt.toFixed(3)} `.padEnd(bytes, 'parley ').trimEnd()
}

/** NaN for what is no message of ours. */
function readDueAt (event: RoomEvent): number {
  return event.type === 'message.sent' && event.data.text !== null ? Number.parseFloat(event.data.text) : NaN
}

/** What all listeners of this process share: a frame that comes for many of them is read once. */
export class Hearing {
  readonly #faults: Faults
  readonly #records = new Map<string, RoomRecord>()
  #events: RoomEvent[] = []
  #dueAts: number[] = []

  constructor (faults: Faults) {
    this.#faults = faults
  }

  recordOf (roomId: string): RoomRecord {
    let record = this.#records.get(roomId)
    if (!record) this.#records.set(roomId, record = new RoomRecord(this.#faults))
    return record
  }

  get records (): ReadonlyMap<string, RoomRecord> { return this.#records }

  /** @returns when each of the events should have been sent */
  read ({ roomId, events }: EventsFrame): number[] {
    if (events === this.#events) return this.#dueAts
    const record = this.recordOf(roomId)
    for (const { seq, id } of events) record.see(seq, id)
    this.#events = events
    this.#dueAts = events.map(readDueAt)
    return this.#dueAts
  }
}
