import type { RoomEvent } from '../../../contract/index.ts'
import type { LoggedEvent } from '../history.ts'

/** A room's log as a bare client keeps it: by seq, whatever comes first, as CONTRACT.md says. */
export class MergedLog {
  readonly #events = new Map<number, LoggedEvent>()
  #top = 0

  /** It is whole up to here. */
  get top (): number {
    return this.#top
  }

  /** Those of the given events that it did not have. */
  add (at: number, events: readonly RoomEvent[]): RoomEvent[] {
    const fresh = events.filter(({ seq }) => !this.#events.has(seq))
    for (const event of fresh) this.#events.set(event.seq, { at, event })
    while (this.#events.has(this.#top + 1)) this.#top++
    return fresh
  }

  toSorted (): LoggedEvent[] {
    return [...this.#events.values()].sort((a, b) => a.event.seq - b.event.seq)
  }
}
