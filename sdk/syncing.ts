import { limits, type CommandData, type CommandPayload } from '../contract/index.ts'
import { Backoff } from './backoff.ts'
import { ParleyError } from './errors.ts'
import type { Asker } from './link.ts'
import type { Rest } from './rest.ts'
import type { LogAsk } from './log.ts'
import type { RoomModel } from './room-model.ts'
import { sleep } from './sleep.ts'

interface SyncingOptions {
  rest: Rest
  /** The server says that I am not in this room. */
  onRefused: (room: RoomModel) => void
  onError: (error: unknown) => void
}

/** Asks for what the rooms' logs lack, as long as they lack something: many rooms at once, one ask at a time. */
export class Syncing {
  readonly #options: SyncingOptions
  /** In the order in which they will be asked for. */
  readonly #wanting = new Set<RoomModel>()
  readonly #backoff = new Backoff({ baseMs: 100, maxMs: 5000 })
  #batchSize: number = limits.syncRooms
  #link: Asker | undefined
  #running: Asker | undefined

  constructor (options: SyncingOptions) {
    this.#options = options
  }

  connected (link: Asker): void {
    this.#link = link
    this.#batchSize = limits.syncRooms
    this.#backoff.reset()
    this.#run(link)
  }

  lost (): void {
    this.#link = undefined
    this.#wanting.clear()
  }

  /** Looks again at what a room lacks. */
  look (room: RoomModel): void {
    if (!room.ask) this.#wanting.delete(room)
    else this.#wanting.add(room)
    if (this.#link && this.#wanting.size > 0) this.#run(this.#link)
  }

  #run (link: Asker): void {
    if (this.#running === link) return
    this.#running = link
    // What else is lacking turns up in this very turn.
    queueMicrotask(() => {
      void this.#loop(link).catch(this.#options.onError).finally(() => { if (this.#running === link) this.#running = undefined })
    })
  }

  async #loop (link: Asker): Promise<void> {
    while (this.#link === link && this.#wanting.size > 0) {
      try {
        const hasProgressed = await this.#askOnce(link)
        if (hasProgressed) this.#backoff.reset()
        else await this.#wait()
      } catch (error) {
        if (!(error instanceof ParleyError)) throw error
        if (this.#link === link) await this.#wait(error.retryAfterMs)
      }
    }
  }

  #wait (atLeastMs = 0): Promise<void> {
    return sleep(this.#backoff.nextMs(atLeastMs))
  }

  /** Says whether anything came of it. */
  async #askOnce (link: Asker): Promise<boolean> {
    const rooms = [...this.#wanting]
    const ahead = rooms.find((room) => room.ask?.kind === 'check')
    if (ahead) return await this.#check(link, ahead)
    const asked = new Map<string, { room: RoomModel, ask: LogAsk }>()
    for (const room of rooms.slice(0, this.#batchSize)) if (room.ask) asked.set(room.roomId, { room, ask: room.ask })
    try {
      const { rooms: answers } = await link.ask('room:sync', { rooms: [...asked.values()].map(toPayload) })
      if (this.#link !== link) return false
      return answers.map((answer) => this.#take(answer, asked.get(answer.roomId))).some(Boolean)
    } catch (error) {
      if (this.#link === link && isRefusal(error)) return this.#refused(error, [...asked.values()].map(({ room }) => room))
      throw error
    }
  }

  #take ({ roomId: _, hasMore, ...answer }: CommandData<'room:sync'>['rooms'][number], asked?: { room: RoomModel, ask: LogAsk }): boolean {
    if (!asked?.room.isJoined) return false
    const { room, ask } = asked
    room.step({ type: 'synced', after: ask.after, ...answer })
    const isSettled = room.ask?.kind !== 'sync'
    const hasProgressed = isSettled || room.ask?.after !== ask.after
    // Those that got nothing go first next time.
    if (!isSettled && hasProgressed && this.#wanting.delete(room)) this.#wanting.add(room)
    return hasProgressed
  }

  async #check (link: Asker, room: RoomModel): Promise<boolean> {
    const after = room.ask?.after ?? 0
    try {
      const page = await this.#options.rest('readEvents', { params: { roomId: room.roomId }, query: { after } })
      if (this.#link !== link || !room.isJoined) return false
      room.step({ type: 'checked', after, ...page })
      return true
    } catch (error) {
      if (this.#link !== link || !isRefusal(error)) throw error
      return this.#refused(error, [room])
    }
  }

  /** The details name the rooms; without them, each is asked for on its own. */
  #refused ({ details = [] }: ParleyError, rooms: RoomModel[]): boolean {
    const named = new Set(details.filter(({ path }) => path === '/rooms').map(({ message }) => message))
    const refused = rooms.length === 1 ? rooms : rooms.filter(({ roomId }) => named.has(roomId))
    this.#batchSize = refused.length > 0 ? limits.syncRooms : 1
    for (const room of refused) this.#options.onRefused(room)
    return true
  }
}

function toPayload ({ room, ask }: { room: RoomModel, ask: LogAsk }): CommandPayload<'room:sync'>['rooms'][number] {
  return { roomId: room.roomId, after: ask.after, ...(ask.epoch !== undefined && { epoch: ask.epoch }) }
}

function isRefusal (error: unknown): error is ParleyError {
  return error instanceof ParleyError && ['request.forbidden', 'room.not_found'].includes(error.code)
}
