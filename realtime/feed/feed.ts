import type { FastifyBaseLogger } from 'fastify'
import type { RoomEvent } from '../../contract/index.ts'
import type { History, Head } from '../../domain/history.ts'
import type { Committed } from '../../domain/log.ts'
import { Filler } from './filler.ts'
import { LocalRoom } from './local-room.ts'
import { Pacing } from './pacing.ts'
import type { RoomNotice } from './channels.ts'

export interface FeedOptions {
  history: History
  log: FastifyBaseLogger
  /** The other nodes. */
  channels: {
    readonly isAlive: boolean
    subscribe: (roomIds: string[]) => Promise<void>
    unsubscribe: (roomId: string) => void
    publish: (roomId: string, notice: RoomNotice) => void
  }
  /** Due for the sockets of this node: ascending, once, without a gap. With their JSON, where it is at hand. */
  onDue: (roomId: string, events: RoomEvent[], json?: string) => void
  /** The room is no more. */
  onGone: (roomId: string) => void
  /** The log lost its end; what the sockets were told is not to be relied on. */
  onReset: (roomId: string) => void
  /** How many sockets of this node are in the room. */
  countListeners: (roomId: string) => number
  /** Counts what had to be read because no notice brought it. */
  onFilled: (count: number) => void
  /** How long a hole waits for the notice that is on its way. */
  holeMs?: number
  /** How long a room is kept after its last socket left. */
  idleMs?: number
}

const headsPerQuery = 5000

/**
 * Tells the sockets of this node what happens in their rooms: every event once, in order, without a gap, whatever the
 * notices do. They make it quick; Postgres makes it right.
 */
export class Feed {
  readonly #options: Required<FeedOptions>
  readonly #rooms = new Map<string, LocalRoom>()
  /** Rooms on their way to being local, and what was said of them meanwhile. */
  readonly #opening = new Map<string, { done: Promise<void>, early: RoomEvent[] }>()
  readonly #filler: Filler
  readonly #pacing: Pacing
  readonly #idleSince = new Map<string, number>()
  #checking: Promise<void> | undefined

  constructor (options: FeedOptions) {
    this.#options = { holeMs: 40, idleMs: 30_000, ...options }
    const { history, log, holeMs, onFilled } = this.#options
    this.#filler = new Filler({
      history,
      log,
      holeMs,
      onFilled,
      isLocal: (room) => this.#rooms.get(room.roomId) === room,
      onDue: (room, due) => { this.#options.onDue(room.roomId, due) }
    })
    this.#pacing = new Pacing({
      countListeners: this.#options.countListeners,
      onDue: (roomId, due, json) => {
        const room = this.#rooms.get(roomId)
        if (room) this.#take(room, due, json)
      }
    })
  }

  get size (): number {
    return this.#rooms.size
  }

  get (roomId: string): LocalRoom | undefined {
    return this.#rooms.get(roomId)
  }

  /** Says whether all of these are local, and keeps those that are from being let go of for now. */
  hold (roomIds: string[]): boolean {
    let areLocal = true
    for (const roomId of roomIds) {
      this.#idleSince.delete(roomId)
      areLocal &&= this.#rooms.has(roomId)
    }
    return areLocal
  }

  /** Makes rooms local. Says whether any of them was not; one that does not exist stays so. */
  async open (roomIds: string[]): Promise<boolean> {
    if (this.hold(roomIds)) return false
    const missing = roomIds.filter((roomId) => !this.#rooms.has(roomId))
    const fresh = missing.filter((roomId) => !this.#opening.has(roomId))
    if (fresh.length > 0) {
      const done = this.#openAll(fresh)
      for (const roomId of fresh) this.#opening.set(roomId, { done, early: [] })
    }
    await Promise.all(missing.flatMap((roomId) => this.#opening.get(roomId)?.done ?? []))
    return true
  }

  /** Brings local rooms to the end of their logs, whatever notices were lost. */
  async catchUp (roomIds: string[]): Promise<void> {
    await this.#filler.now(roomIds.flatMap((roomId) => this.#rooms.get(roomId) ?? []))
  }

  /** What this node has committed: at once to its own sockets, and to the other nodes. */
  commit ({ roomId, epoch, events }: Committed): void {
    const json = JSON.stringify(events)
    this.#options.channels.publish(roomId, { epoch, events, json })
    this.#offer(roomId, epoch, events, json)
  }

  /** What another node says. */
  receive (roomId: string, { epoch, events, json, isDeleted }: RoomNotice): void {
    if (epoch !== undefined && events) this.#offer(roomId, epoch, events, json)
    if (isDeleted) this.#end(roomId)
  }

  /** The room was deleted here. */
  remove (roomId: string): void {
    this.#options.channels.publish(roomId, { isDeleted: true })
    this.#end(roomId)
  }

  /**
   * Compares all local rooms with their heads, and catches up: what heals a notice that was lost.
   *
   * @throws when Postgres cannot be asked.
   */
  async check (): Promise<void> {
    this.#checking ??= this.#checkAll().finally(() => { this.#checking = undefined })
    await this.#checking
  }

  async #openAll (roomIds: string[]): Promise<void> {
    const { channels, history } = this.#options
    try {
      await channels.subscribe(roomIds)
      const heads = new Map((await history.readHeads(roomIds)).map((head) => [head.roomId, head]))
      for (const roomId of roomIds) {
        const head = heads.get(roomId)
        if (head) this.#start(roomId, head)
        else channels.unsubscribe(roomId)
      }
    } catch (error) {
      for (const roomId of roomIds) channels.unsubscribe(roomId)
      throw error
    } finally {
      for (const roomId of roomIds) this.#opening.delete(roomId)
    }
  }

  #start (roomId: string, head: Head): void {
    this.#rooms.set(roomId, new LocalRoom(head))
    const early = this.#opening.get(roomId)?.early ?? []
    this.#opening.delete(roomId)
    this.#offer(roomId, head.epoch, early)
  }

  #offer (roomId: string, epoch: string, events: RoomEvent[], json?: string): void {
    const opening = this.#opening.get(roomId)
    if (opening) opening.early.push(...events)
    const room = this.#rooms.get(roomId)
    if (!room) return
    if (room.epoch !== epoch) {
      this.#options.log.warn({ roomId }, 'a room has begun another life')
      this.#forget(roomId, this.#options.onReset)
      return
    }
    this.#take(room, events, json)
  }

  /** Nothing is taken before it may be told: the tail is what the sockets have been told. */
  #take (room: LocalRoom, events: RoomEvent[], json?: string): void {
    if (events.length === 0 || !this.#pacing.mayTell(room.roomId, events, json)) return
    const due = room.take(events)
    // Exactly those that were offered, in that order: of several nodes they may have come in another one.
    const isWhole = due.length === events.length && due.every((event, index) => event === events[index])
    if (due.length > 0) this.#options.onDue(room.roomId, due, isWhole ? json : undefined)
    if (room.hasHole) this.#filler.soon(room)
  }

  async #checkAll (): Promise<void> {
    this.#closeIdle()
    const rooms = [...this.#rooms.values()]
    const behind: LocalRoom[] = []
    for (let start = 0; start < rooms.length; start += headsPerQuery) {
      const asked = rooms.slice(start, start + headsPerQuery)
      const known = new Map(asked.map((room) => [room.roomId, { room, tail: room.tail }]))
      const heads = asked.map(({ roomId, tail, epoch }) => ({ roomId, lastSeq: tail, epoch }))
      for (const { roomId, head } of await this.#options.history.movedHeads(heads)) {
        const { room, tail } = known.get(roomId) ?? {}
        if (!room || tail === undefined || this.#rooms.get(roomId) !== room) continue
        await this.#compare(room, tail, head)
        if (!head || head.lastSeq <= room.tail) continue
        if (this.#options.channels.isAlive) this.#filler.soon(room, head.lastSeq)
        else behind.push(room)
      }
    }
    await this.#filler.now(behind)
  }

  /** The tail is the one from before the head was read: it may have moved on since. */
  async #compare (room: LocalRoom, tail: number, head: { lastSeq: number, epoch: string } | null): Promise<void> {
    if (!head) {
      this.#forget(room.roomId, this.#options.onGone)
    } else if (head.epoch !== room.epoch) {
      this.#forget(room.roomId, this.#options.onReset)
    } else if (head.lastSeq < tail) {
      this.#options.log.error({ roomId: room.roomId, tail, head: head.lastSeq }, 'a room has lost the end of its log')
      await this.#options.history.renewEpoch(room.roomId, room.epoch, tail)
      this.#forget(room.roomId, this.#options.onReset)
    }
  }

  #closeIdle (): void {
    const now = Date.now()
    for (const roomId of this.#rooms.keys()) {
      if (this.#options.countListeners(roomId) > 0) this.#idleSince.delete(roomId)
      else if (!this.#idleSince.has(roomId)) this.#idleSince.set(roomId, now)
      else if (now - (this.#idleSince.get(roomId) ?? now) > this.#options.idleMs) this.#forget(roomId)
    }
  }

  /** The room was deleted: after the last that was said in it. */
  #end (roomId: string): void {
    this.#pacing.flush(roomId)
    this.#forget(roomId, this.#options.onGone)
  }

  #forget (roomId: string, tell?: (roomId: string) => void): void {
    this.#idleSince.delete(roomId)
    this.#pacing.forget(roomId)
    if (!this.#rooms.delete(roomId)) return
    this.#options.channels.unsubscribe(roomId)
    tell?.(roomId)
  }
}
