import type { RoomEvent } from '../../contract/index.ts'

interface PacingOptions {
  /** How many sockets here hear what is said in a room. */
  countListeners: (roomId: string) => number
  /** The room may be told again, of what was kept for it meanwhile. */
  onDue: (roomId: string, events: RoomEvent[], json?: string) => void
}

interface Rest {
  events: RoomEvent[]
  /** The JSON of each part of the events, for as long as it is at hand for all of them. */
  parts: string[] | undefined
  timer: NodeJS.Timeout
}

/** With fewer listeners each event is told at once. */
const crowd = 100
/** A node's share of a crowd may be small, but often all nodes are one machine: with shorter rests it is busy with small frames. */
const leastRestMs = 10
/** To write one message takes about 5 µs for each listener: up to 2500 of them a room takes no more than a quarter of a node's time. */
const restMsPerListener = 0.02
const mostRestMs = 50

/** How long a room is not told anything after it was told something. */
export function restMsFor (listeners: number): number {
  return listeners < crowd ? 0 : Math.min(mostRestMs, Math.max(leastRestMs, restMsPerListener * listeners))
}

/**
 * What is said quickly in a room with very many listeners goes to them in larger pieces: a frame costs the same whether it
 * holds one event or ten. The first is told at once; what follows before the room has rested is told together.
 */
export class Pacing {
  readonly #options: PacingOptions
  readonly #resting = new Map<string, Rest>()

  constructor (options: PacingOptions) {
    this.#options = options
  }

  /** Says whether these may be told now. If not, they are kept, in their order, until they may. */
  mayTell (roomId: string, events: RoomEvent[], json?: string): boolean {
    const rest = this.#resting.get(roomId)
    if (!rest) {
      this.#rest(roomId)
      return true
    }
    rest.events.push(...events)
    if (json === undefined) rest.parts = undefined
    else rest.parts?.push(json.slice(1, -1))
    return false
  }

  /** Tells at once what is kept. */
  flush (roomId: string): void {
    const rest = this.#resting.get(roomId)
    if (!rest) return
    this.forget(roomId)
    if (rest.events.length > 0) this.#options.onDue(roomId, rest.events, rest.parts && `[${rest.parts.join(',')}]`)
  }

  forget (roomId: string): void {
    clearTimeout(this.#resting.get(roomId)?.timer)
    this.#resting.delete(roomId)
  }

  #rest (roomId: string): void {
    const ms = restMsFor(this.#options.countListeners(roomId))
    if (ms === 0) return
    this.#resting.set(roomId, { events: [], parts: [], timer: setTimeout(() => { this.flush(roomId) }, ms).unref() })
  }
}
