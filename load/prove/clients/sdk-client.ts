import type { RoomEvent } from '../../../contract/index.ts'
import { createParley, ParleyError, type ClientState, type Parley, type Room } from '../../../sdk/index.ts'
import type { Attempt, ClientHistory, CommandRecord, LoggedEvent } from '../history.ts'
import type { Stay } from '../presence/stays.ts'
import { persist, type Person } from './account.ts'
import type { Client } from './client.ts'
import type { ClientOptions } from './options.ts'
import { emoji, toAnswer, type Answer } from './requests.ts'

/** An app on the SDK: it is handed each room's log and keeps it, and leaves every retry to the SDK. */
export class SdkClient implements Client {
  readonly name: string
  readonly userId: string
  readonly history: ClientHistory
  readonly stays: Stay[] = []
  connectionCount = 0
  readonly syncCount = 0
  readonly #options: ClientOptions
  readonly #person: Person
  readonly #parley: Parley
  readonly #seen = new Set<string>()
  readonly #closed = new AbortController()

  constructor (person: Person, name: string, options: ClientOptions, onError: (error: unknown) => void) {
    this.name = name
    this.userId = person.userId
    this.#person = person
    this.#options = options
    this.history = { name, userId: person.userId, kind: 'sdk', connections: [], logs: new Map(), resets: [] }
    this.#parley = createParley({ url: options.url, startAt: 'beginning', transports: options.transports, onError })
    this.#parley.on('state', (state) => { this.#moved(state) })
    this.#parley.on('events', ({ room, events }) => { this.#take(room.id, events) })
    this.#parley.on('reset', ({ room }) => { this.history.resets.push({ at: Date.now(), roomId: room.id }) })
    this.#parley.on('signedOut', () => { this.start() })
  }

  get isConnected (): boolean { return this.#parley.state === 'online' }
  get node (): string | undefined { return this.#parley.node }
  get roomIds (): ReadonlySet<string> { return new Set(this.#parley.rooms.joined.map(({ id }) => id)) }
  get isCurrent (): boolean { return this.isConnected && this.#parley.rooms.joined.every((room) => room.seq === room.lastSeq) }

  topOf (roomId: string): number { return this.#parley.rooms.get(roomId).seq ?? 0 }
  hasSeen (id: string): boolean { return this.#seen.has(id) }

  start (): void {
    const { username, password } = this.#person
    persist(() => this.#parley.signIn({ username, password }), this.#closed.signal).catch((error: unknown) => {
      if (!this.#closed.signal.aborted) throw error
    })
  }

  close (): void {
    this.#closed.abort()
    // In which rooms the SDK says that it is, as a last connection that the checker can look at.
    const rooms = this.#parley.rooms.joined.map(({ id, seq = 0, epoch = '' }) => ({ roomId: id, lastSeq: seq, epoch }))
    this.history.connections.push({
      id: 'sdk', openedAt: Date.now(), frames: [{ kind: 'ready', at: Date.now(), node: this.#parley.node ?? '', rooms }]
    })
    this.#parley.close()
  }

  async perform (command: CommandRecord): Promise<void> {
    const attempt: Attempt = { at: Date.now(), via: 'sdk' }
    command.attempts.push(attempt)
    const room = this.#parley.rooms.get(command.roomId)
    try {
      const answered = this.#ask(room, command)
      // Of all but messages the SDK makes the id.
      if (command.kind !== 'send') command.id = room.pending.at(-1)?.id ?? command.id
      attempt.outcome = { at: 0, ok: true, ...await answered }
      attempt.outcome.at = Date.now()
    } catch (error) {
      if (!(error instanceof ParleyError)) throw error
      // An attempt before the one that was refused may have been done.
      if (error.code !== 'client.closed') attempt.outcome = { at: Date.now(), ok: false, code: error.code, mayBeDone: true }
    }
  }

  say (command: CommandRecord): Promise<void> {
    return this.perform(command)
  }

  async move (direction: 'join' | 'leave', roomId: string): Promise<void> {
    try {
      await (direction === 'join' ? this.#parley.rooms.join(roomId) : this.#parley.rooms.get(roomId).leave())
    } catch (error) {
      if (!(error instanceof ParleyError)) throw error
    }
  }

  #moved (state: ClientState): void {
    const last = this.stays.at(-1)
    if (last && last.until === undefined && !this.#closed.signal.aborted) {
      Object.assign(last, { until: Date.now(), how: state === 'signed-out' ? 'signedOut' : 'dropped' })
    }
    if (state !== 'online') return
    this.connectionCount++
    this.stays.push({ userId: this.userId, node: this.#parley.node ?? '', from: Date.now(), statuses: [] })
  }

  async #ask (room: Room, { kind, id, text = '', targetSeq = 0 }: CommandRecord): Promise<Answer> {
    switch (kind) {
      case 'send': return toAnswer({ message: await room.send(text, { id }) })
      case 'edit': return toAnswer({ event: await room.edit(targetSeq, text) })
      case 'delete': return toAnswer({ event: await room.delete(targetSeq) })
      case 'react': return toAnswer({ event: await room.react(targetSeq, emoji) })
      case 'unreact': return toAnswer({ event: await room.unreact(targetSeq, emoji) })
    }
  }

  #take (roomId: string, events: readonly RoomEvent[]): void {
    const at = Date.now()
    const log: LoggedEvent[] = this.history.logs.get(roomId) ?? []
    this.history.logs.set(roomId, log)
    for (const event of events) {
      log.push({ at, event: this.#options.intern.event(event) })
      this.#seen.add(event.id)
      this.#options.onEvent(event)
    }
  }
}
