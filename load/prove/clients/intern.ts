import type { RoomEvent } from '../../../contract/index.ts'

/** Keeps one copy of what many clients are told in the same words: a long run would not fit into memory otherwise. */
export class Intern {
  readonly #known = new Map<string, Array<{ text: string, event: RoomEvent }>>()

  event (event: RoomEvent): RoomEvent {
    const key = `${event.roomId} ${event.seq}`
    const text = JSON.stringify(event)
    const variants = this.#known.get(key) ?? []
    const same = variants.find((variant) => variant.text === text)
    if (same) return same.event
    variants.push({ text, event })
    this.#known.set(key, variants)
    return event
  }
}
