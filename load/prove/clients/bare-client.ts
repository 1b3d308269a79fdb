import { setTimeout as sleep } from 'node:timers/promises'
import type { RoomEvent } from '../../../contract/index.ts'
import { CookieJar } from '../../../sdk/cookies.ts'
import { createRest, type Rest } from '../../../sdk/rest.ts'
import type { ClientHistory, CommandRecord, Outcome } from '../history.ts'
import { staysOfConnections, type Stay } from '../presence/stays.ts'
import { signIn, type Person } from './account.ts'
import { attemptByRest, attemptBySocket } from './attempt.ts'
import { BareSocket } from './bare-socket.ts'
import type { Client } from './client.ts'
import { MergedLog } from './merged-log.ts'
import { canGoByRest } from './requests.ts'
import type { ClientOptions } from './options.ts'

const giveUpMs = 60_000

/**
 * A plain `socket.io-client` and `fetch`, as somebody would write it who has read CONTRACT.md and nothing else: keeps what
 * it gets by seq, asks for what it missed after every connect, signs in again when its session has ended.
 */
export class BareClient implements Client {
  readonly name: string
  readonly userId: string
  readonly history: ClientHistory
  syncCount = 0
  readonly #options: ClientOptions
  readonly #person: Person
  readonly #jar = new CookieJar()
  readonly #rest: Rest
  readonly #logs = new Map<string, MergedLog>()
  readonly #seen = new Set<string>()
  readonly #closed = new AbortController()
  #socket: BareSocket | undefined
  #signingIn: Promise<void> | undefined

  constructor (person: Person, name: string, options: ClientOptions) {
    this.name = name
    this.userId = person.userId
    this.#person = person
    this.#options = options
    this.history = { name, userId: person.userId, kind: 'bare', connections: [], logs: new Map(), resets: [] }
    this.#rest = createRest({ url: options.url, jar: this.#jar, fetch, timeoutMs: 10_000 })
  }

  get isConnected (): boolean { return this.#socket?.isReady ?? false }
  get node (): string | undefined { return this.#socket?.node }
  get stays (): Stay[] { return staysOfConnections(this.userId, this.history.connections) }
  get connectionCount (): number { return this.history.connections.length }
  get roomIds (): ReadonlySet<string> { return this.#socket?.roomIds ?? new Set() }

  get isCurrent (): boolean {
    return this.#socket?.isCurrent ?? false
  }

  topOf (roomId: string): number { return this.#logs.get(roomId)?.top ?? 0 }
  hasSeen (id: string): boolean { return this.#seen.has(id) }

  start (): void {
    void this.#signInAndConnect()
  }

  close (): void {
    this.#closed.abort()
    this.#socket?.close()
    for (const [roomId, log] of this.#logs) this.history.logs.set(roomId, log.toSorted())
  }

  async perform (command: CommandRecord): Promise<void> {
    const deadline = Date.now() + giveUpMs
    for (let count = 0; Date.now() < deadline && !this.#closed.signal.aborted; count++) {
      const { outcome } = await this.#attempt(command, count)
      if (outcome?.ok) return
      if (outcome?.code === 'session.required') await this.#signInAndConnect()
      else if (outcome && !outcome.mayBeDone) return
      await sleep(100 + Math.random() * 400 * Math.min(count + 1, 5))
    }
  }

  async say (command: CommandRecord): Promise<void> {
    const socket = this.#socket
    while (socket?.isReady && socket === this.#socket) {
      const { outcome } = await attemptBySocket(socket.client, command)
      if (outcome && (outcome.ok || !outcome.mayBeDone)) return
      await sleep(100)
    }
  }

  async move (direction: 'join' | 'leave', roomId: string): Promise<void> {
    const socket = this.#socket
    if (!socket?.isReady) return
    await new Promise<void>((resolve) => { socket.client.timeout(5000).emit(`room:${direction}`, { roomId }, () => { resolve() }) })
  }

  /** The first goes by socket mostly; a repetition the other way, and so perhaps through another node. */
  async #attempt (command: CommandRecord, count: number): Promise<{ outcome?: Outcome }> {
    const socket = this.#socket
    const prefersRest = count === 0 ? this.#options.random.chance(0.1) : count % 2 === 1
    if (socket?.isReady && count === 0 && command.kind === 'send' && this.#options.random.chance(0.04)) {
      // Both ways at the same moment, and so perhaps through two nodes: it must be one message all the same.
      const [attempt] = await Promise.all([attemptBySocket(socket.client, command), attemptByRest(this.#rest, command)])
      return attempt
    }
    if (socket?.isReady && !(prefersRest && canGoByRest(command))) return await attemptBySocket(socket.client, command)
    if (canGoByRest(command)) return await attemptByRest(this.#rest, command)
    await sleep(200)
    return {}
  }

  /** A socket that was refused or ended keeps the cookie of its handshake: the next one is another. */
  #signInAndConnect (): Promise<void> {
    this.#signingIn ??= this.#renew().finally(() => { this.#signingIn = undefined })
    return this.#signingIn
  }

  async #renew (): Promise<void> {
    try {
      await signIn(this.#rest, this.#person, this.#closed.signal)
    } catch (error) {
      if (this.#closed.signal.aborted) return
      throw error
    }
    this.#socket?.close()
    this.#socket = new BareSocket({
      url: this.#options.url,
      cookie: this.#jar.header ?? '',
      transports: this.#options.transports,
      connections: this.history.connections,
      topOf: (roomId) => this.topOf(roomId),
      onEvents: (events) => this.#take(events),
      onSync: () => { this.syncCount++ },
      onSignedOut: () => { void this.#signInAndConnect() }
    })
  }

  #take (events: RoomEvent[]): RoomEvent[] {
    const at = Date.now()
    const kept = events.map((event) => this.#options.intern.event(event))
    const [first] = kept
    if (!first) return kept
    const log = this.#logs.get(first.roomId) ?? new MergedLog()
    this.#logs.set(first.roomId, log)
    for (const event of log.add(at, kept)) {
      this.#seen.add(event.id)
      this.#options.onEvent(event)
    }
    return kept
  }
}
