import type { CommandData, CommandPayload, RoomEvent } from '../../contract/index.ts'
import type { ParleyError } from '../errors.ts'
import type { Asker } from '../link.ts'
import { Lane } from './lane.ts'
import type { OutboxCommand, Pending, PendingOf } from './pending.ts'
import { deserialize, serialize, type OutboxStorage } from './storage.ts'

export interface OutboxOptions {
  userId: string
  storage: OutboxStorage | undefined
  /** What is pending in a room is not what it was. */
  onChange: (roomId: string) => void
  onError: (error: unknown) => void
}

/** Everything that one person has asked for here and that is not yet known to be done. */
export class Outbox {
  readonly #options: OutboxOptions
  readonly #lanes = new Map<string, Lane>()
  readonly #loaded: Promise<void>
  /** Whatever of these is stored is for us to change; the rest is another tab's. */
  readonly #ours = new Set<string>()
  readonly #changedRooms = new Set<string>()
  #link: Asker | undefined
  #isLoaded = false
  #isSaving = false
  /** What was there when the client was closed: stored for the next one. */
  #kept: Pending[] | undefined
  #isStale = false

  constructor (options: OutboxOptions) {
    this.#options = options
    this.#loaded = this.#load()
  }

  pendingOf (roomId: string): Pending[] {
    return this.#lanes.get(roomId)?.shown ?? []
  }

  add<Command extends OutboxCommand> (command: Command, payload: CommandPayload<Command>): Promise<CommandData<Command>> {
    const { id, roomId } = payload
    const pending: PendingOf<OutboxCommand> = { command, id, roomId, payload, state: 'pending', at: new Date().toISOString() }
    this.#ours.add(id)
    return this.#laneOf(roomId).add(pending as Pending) as Promise<CommandData<Command>>
  }

  retry (roomId: string, id: string): void {
    this.#lanes.get(roomId)?.retry(id)
  }

  discard (roomId: string, id: string): void {
    this.#lanes.get(roomId)?.discard(id)
  }

  delivered (roomId: string, events: readonly RoomEvent[], seq: number): void {
    this.#lanes.get(roomId)?.delivered(events, seq)
  }

  /** What was stored goes first: nothing goes before it is known. */
  connected (link: Asker): void {
    this.#link = link
    if (this.#isLoaded) this.#connectLanes()
    else void this.#loaded.then(() => { if (this.#link === link) this.#connectLanes() })
  }

  lost (): void {
    this.#link = undefined
    for (const lane of this.#lanes.values()) lane.lost()
  }

  /** Forgets everything; what is stored as well, unless it is to be found again after a reload. */
  end (error: ParleyError, { isStoredKept = false } = {}): void {
    this.#link = undefined
    if (isStoredKept) this.#kept = this.#unsettled
    for (const lane of this.#lanes.values()) lane.end(error)
  }

  #connectLanes (): void {
    for (const lane of this.#lanes.values()) if (this.#link) lane.connected(this.#link)
  }

  #laneOf (roomId: string): Lane {
    let lane = this.#lanes.get(roomId)
    if (!lane) {
      lane = new Lane(() => { this.#changed(roomId) })
      this.#lanes.set(roomId, lane)
      if (this.#link && this.#isLoaded) lane.connected(this.#link)
    }
    return lane
  }

  get #unsettled (): Pending[] {
    return [...this.#lanes.values()].flatMap((lane) => lane.unsettled)
  }

  get #key (): string {
    return `parley.outbox.${this.#options.userId}`
  }

  async #load (): Promise<void> {
    const { storage, onError } = this.#options
    try {
      this.#restore(deserialize(await storage?.get(this.#key)))
    } catch (error) {
      onError(error)
    }
    this.#isLoaded = true
  }

  #restore (stored: Pending[]): void {
    for (const { id } of stored) this.#ours.add(id)
    if (this.#kept) {
      this.#kept.unshift(...stored)
      return
    }
    for (const id of new Set(stored.map(({ roomId }) => roomId))) {
      this.#laneOf(id).restore(stored.filter(({ roomId }) => roomId === id))
    }
  }

  /** Told once for all that changes in one turn. */
  #changed (roomId: string): void {
    if (this.#options.storage) void this.#save()
    if (this.#changedRooms.size === 0) {
      queueMicrotask(() => {
        const roomIds = [...this.#changedRooms]
        this.#changedRooms.clear()
        for (const id of roomIds) this.#options.onChange(id)
      })
    }
    this.#changedRooms.add(roomId)
  }

  async #save (): Promise<void> {
    this.#isStale = true
    if (this.#isSaving) return
    this.#isSaving = true
    const { storage, onError } = this.#options
    try {
      await this.#loaded
      while (this.#isStale) {
        this.#isStale = false
        const others = deserialize(await storage?.get(this.#key)).filter(({ id }) => !this.#ours.has(id))
        await storage?.set(this.#key, serialize([...others, ...this.#kept ?? this.#unsettled]))
      }
    } catch (error) {
      onError(error)
    } finally {
      this.#isSaving = false
    }
  }
}
