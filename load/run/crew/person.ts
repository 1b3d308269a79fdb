import { randomUUID } from 'node:crypto'
import type { CommandData, CommandName, CommandPayload, Presence, ServerEventPayload } from '../../../contract/index.ts'
import { CookieJar } from '../../../sdk/cookies.ts'
import { ParleyError } from '../../../sdk/errors.ts'
import { createRest, type Rest } from '../../../sdk/rest.ts'
import { RoomLog } from '../check/room-log.ts'
import { now } from '../clock.ts'
import { signIn, type Account } from './account.ts'
import { Connection } from './connection.ts'
import type { EventsFrame, Hearing } from './hearing.ts'
import { Outbox } from './outbox.ts'
import { asParleyError, type Patience } from './patience.ts'
import { syncRooms } from './sync.ts'
import type { Tally } from './tally.ts'

/** What the people of one process have in common. */
export interface Surroundings {
  /** People take them in turns, and another one for each connection. */
  urls: string[]
  tally: Tally
  patience: Patience
  hearing: Hearing
}

const timeoutMs = 20_000

/** One of those who talk and listen: an account, its session, and one connection at a time. */
export class Person {
  readonly index: number
  readonly account: Account
  userId = ''
  /** The name of the node, once connected. */
  node: string | undefined
  readonly logs = new Map<string, RoomLog>()
  onPresence: (users: Presence[]) => void = () => {}
  onReady: () => Promise<void> = async () => {}
  readonly #surroundings: Surroundings
  readonly #outbox: Outbox
  readonly #epochs = new Map<string, string>()
  #jar = new CookieJar()
  #rest: Rest
  #connection: Connection | undefined
  #connecting: Promise<void> | undefined
  #visits = 0
  #isStaying = false

  constructor (index: number, account: Account, surroundings: Surroundings) {
    this.index = index
    this.account = account
    this.#surroundings = surroundings
    this.#outbox = new Outbox(surroundings)
    this.#rest = this.#createRest()
  }

  get isConnected (): boolean { return this.#connection?.isReady ?? false }
  get unackedCount (): number { return this.#outbox.size }

  /** With a session of its own, even when there is one. */
  async signIn (): Promise<void> {
    const { tally, patience } = this.#surroundings
    this.#jar = new CookieJar()
    this.#rest = this.#createRest()
    const begun = now()
    this.userId = await signIn(this.#rest, this.account, patience)
    tally.measure('signIn', now() - begun)
  }

  async signOut (): Promise<void> {
    this.#isStaying = false
    await this.#surroundings.patience.persist('requests', () => this.#rest('logout'))
  }

  async join (roomId: string): Promise<void> {
    const params = { roomId, userId: this.userId }
    await this.#surroundings.patience.persist('requests', () => this.#rest('putMember', { params }))
    this.logs.set(roomId, new RoomLog(this.#surroundings.tally.faults))
  }

  /** Resolves when the server has said where the rooms stand, and what was missed is there. */
  connect (): Promise<void> {
    this.#isStaying = true
    this.#connecting ??= this.#connect().finally(() => { this.#connecting = undefined })
    return this.#connecting
  }

  /** Goes without a word. */
  drop (): void {
    this.#isStaying = false
    this.#connection?.terminate()
    this.#connection = undefined
  }

  /** When the server ends this one's connection, as it should after a sign-out. */
  async ended (): Promise<void> {
    await this.#connection?.closed
  }

  async ask<Name extends CommandName> (name: Name, payload: CommandPayload<Name>): Promise<CommandData<Name>> {
    return await this.#surroundings.patience.persist('commands', () => {
      if (!this.#connection) throw new ParleyError('client.unreachable')
      return this.#connection.ask(name, payload)
    })
  }

  /** Sends a message now, or when there is a connection again. */
  say (roomId: string, text: string, dueAt: number): void {
    this.#outbox.add({ id: randomUUID(), roomId, text, dueAt })
  }

  #createRest (): Rest {
    return createRest({ url: this.#nextUrl(), jar: this.#jar, fetch, timeoutMs })
  }

  #nextUrl (): string {
    const { urls } = this.#surroundings
    return urls[(this.index + this.#visits) % urls.length] as string
  }

  async #connect (): Promise<void> {
    const { patience, tally } = this.#surroundings
    const begun = now()
    const { connection, ready } = await patience.persist('connections', () => this.#open())
    tally.measure('connect', now() - begun)
    tally.counts.connects++
    this.node = ready.node
    this.#outbox.open(connection)
    await this.onReady()
  }

  async #open (): Promise<{ connection: Connection, ready: ServerEventPayload<'session:ready'> }> {
    let behind = new Map<string, RoomLog>()
    const connection: Connection = new Connection({
      onReady: ({ rooms }) => {
        this.#connection = connection
        behind = this.#introduce(rooms)
      },
      onEvents: (frame) => { if (connection === this.#connection) this.#hear(frame) },
      onPresence: (users) => { this.onPresence(users) },
      onClose: (reason) => { if (connection === this.#connection) this.#lost(reason) }
    })
    const ready = await connection.open(this.#nextUrl(), this.#jar.header)
    this.#visits++
    await syncRooms({ rooms: behind, connection, ...this.#surroundings })
    return { connection, ready }
  }

  /** @returns the rooms of which something has been missed */
  #introduce (states: ServerEventPayload<'session:ready'>['rooms']): Map<string, RoomLog> {
    const { faults } = this.#surroundings.tally
    const byId = new Map(states.map((state) => [state.room.id, state]))
    return new Map([...this.logs].filter(([roomId, log]) => {
      const state = byId.get(roomId)
      if (!state || (this.#epochs.get(roomId) ?? state.epoch) !== state.epoch) faults.mismatched++
      if (!state) return false
      this.#epochs.set(roomId, state.epoch)
      return log.introduce(state.lastSeq)
    }))
  }

  #hear (frame: EventsFrame): void {
    const log = this.logs.get(frame.roomId)
    if (!log) return
    const { hearing, tally } = this.#surroundings
    const dueAts = hearing.read(frame)
    const at = now()
    frame.events.forEach(({ seq }, index) => {
      const dueAt = dueAts[index] ?? NaN
      if (!log.live(seq) || Number.isNaN(dueAt)) return
      tally.counts.delivered++
      tally.measure('delivery', at - dueAt)
    })
  }

  /** By the server or on the way: comes back as an app would. */
  #lost (reason: string): void {
    this.#connection = undefined
    if (!this.#isStaying) return
    const { tally } = this.#surroundings
    if (reason === 'draining') tally.retry('connection.drained')
    else tally.fail(`connection.${reason}`)
    setTimeout(() => {
      if (!this.#isStaying || this.#connection) return
      this.connect().catch((error: unknown) => { tally.fail(asParleyError(error).code) })
    }, Math.random() * 1000)
  }
}
