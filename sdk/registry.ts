import type { RoomState, ServerEventPayload } from '../contract/index.ts'
import { Backoff } from './backoff.ts'
import { ParleyError } from './errors.ts'
import type { Asker } from './link.ts'
import type { LogStart, Position } from './log.ts'
import type { Rest } from './rest.ts'
import { RoomModel, type RoomModelOptions } from './room-model.ts'
import { sleep } from './sleep.ts'

interface RegistryOptions extends Omit<RoomModelOptions, 'roomId' | 'start' | 'position'> {
  rest: Rest
  startAt: LogStart | ((roomId: string) => Position | undefined)
}

/** The rooms of whoever is signed in. */
export class Registry {
  readonly #options: RegistryOptions
  readonly #rooms = new Map<string, RoomModel>()
  #link: Asker | undefined

  constructor (options: RegistryOptions) {
    this.#options = options
  }

  get joined (): RoomModel[] {
    return [...this.#rooms.values()].filter(({ isJoined }) => isJoined)
  }

  get (roomId: string): RoomModel {
    const known = this.#rooms.get(roomId)
    if (known) return known
    const { startAt, ...options } = this.#options
    const start = typeof startAt === 'function' ? 'now' : startAt
    const room = new RoomModel({ ...options, roomId, start, position: this.#positionOf(roomId) })
    this.#rooms.set(roomId, room)
    return room
  }

  connected (link: Asker, { rooms, hasMore }: ServerEventPayload<'session:ready'>): void {
    this.#link = link
    for (const state of rooms) this.get(state.room.id).enter('joined', state)
    const seen = new Set(rooms.map(({ room }) => room.id))
    if (hasMore) void this.#listRest(link, seen)
    else this.#leaveAllBut(seen)
  }

  lost (): void {
    this.#link = undefined
    for (const room of this.#rooms.values()) room.lost()
  }

  /** Somebody else may sign in next: these rooms are not theirs. */
  clear (): void {
    this.#link = undefined
    for (const room of this.#rooms.values()) room.leave()
    this.#rooms.clear()
  }

  #positionOf (roomId: string): Position | undefined {
    const { startAt, onError } = this.#options
    try {
      return typeof startAt === 'function' ? startAt(roomId) : undefined
    } catch (error) {
      onError(error)
      return undefined
    }
  }

  #leaveAllBut (roomIds: ReadonlySet<string>): void {
    for (const room of this.joined) if (!roomIds.has(room.roomId)) room.leave()
  }

  /** `session:ready` names 500 rooms; Postgres knows the rest. */
  async #listRest (link: Asker, seen: Set<string>): Promise<void> {
    let cursor: string | null | undefined
    do {
      const page = await this.#readPage(link, cursor ?? undefined)
      if (!page || this.#link !== link) return
      for (const state of page.rooms) this.#list(state, seen)
      cursor = page.nextCursor
    } while (cursor !== null)
    this.#leaveAllBut(seen)
  }

  /** Of a room that a connection speaks of itself, the list knows nothing newer. */
  #list (state: RoomState, seen: Set<string>): void {
    const room = this.get(state.room.id)
    if (!seen.has(state.room.id) && !(room.log.isVerified && room.details)) room.enter('listed', state)
    seen.add(state.room.id)
  }

  async #readPage (link: Asker, cursor: string | undefined) {
    const backoff = new Backoff({ baseMs: 200, maxMs: 5000 })
    while (this.#link === link) {
      try {
        return await this.#options.rest('listRooms', { query: { limit: 500, ...(cursor !== undefined && { cursor }) } })
      } catch (error) {
        if (!(error instanceof ParleyError) || !error.retryable) return this.#options.onError(error)
        await sleep(backoff.nextMs(error.retryAfterMs))
      }
    }
    return undefined
  }
}
