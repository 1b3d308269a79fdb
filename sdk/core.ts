import type { Account, EndReason, Presence, RoomEvent, ServerEventName, ServerEventPayload, Session } from '../contract/index.ts'
import { Connection } from './connection.ts'
import { CookieJar, needsJar } from './cookies.ts'
import { Emitter } from './emitter.ts'
import { ParleyError } from './errors.ts'
import type { Link } from './link.ts'
import type { ClientState, ParleyOptions } from './options.ts'
import { Outbox } from './outbox/outbox.ts'
import type { OutboxStorage } from './outbox/storage.ts'
import { PresenceWatch } from './presence.ts'
import { ReadMarks } from './read-marks.ts'
import { Registry } from './registry.ts'
import { createRest, type Rest } from './rest.ts'
import type { Room } from './room.ts'
import { Rooms } from './rooms.ts'
import { Syncing } from './syncing.ts'

/** What a client tells. */
export interface ParleyEvents {
  state: ClientState
  /** There is no connection; the next attempt is made at this time, in milliseconds of `Date.now()`. */
  retry: { at: number }
  /** Somebody signed in, changed their account, or is signed in no longer. */
  user: Account | undefined
  /** The session is over, here or elsewhere; undefined where only its absence was found. */
  signedOut: { reason: EndReason | undefined }
  /** What happened in a room, as the room's own `events`: for those who follow all of them. Listen before signing in. */
  events: { room: Room, events: readonly RoomEvent[] }
  /** As the room's own `reset`. */
  reset: { room: Room, seq: number, epoch: string }
  /** Rooms came, went or changed; told once for all that changes in one turn. */
  rooms: undefined
  /** Of people watched. */
  presence: readonly Presence[]
  /** The server goes away; this client will be moved to another node and need do nothing. */
  draining: { reconnectAfterMs: number }
}

const ackTimeoutMs = 15_000
const readyTimeoutMs = 20_000
const requestTimeoutMs = 30_000

/** What is behind a client: its parts, who is signed in, and how it stands with the server. */
export class Core {
  readonly #storage: OutboxStorage | undefined
  readonly emitter: Emitter<ParleyEvents>
  readonly rest: Rest
  readonly connection: Connection
  readonly #registry: Registry
  readonly #syncing: Syncing
  readonly #onError: (error: unknown) => void
  /** By person: what one left unsent does not go out in another's name. */
  readonly #outboxes = new Map<string, Outbox>()
  #state: ClientState = 'signed-out'
  #user: Account | undefined
  #session: Session | undefined
  #node: string | undefined
  #isTellingRooms = false
  /** Ends with `close()`: what was asked before does not connect after it. */
  #life = 0
  /** Whose rooms these are, also after their session has ended. */
  #ownerId: string | undefined
  readonly rooms: Rooms
  readonly presence: PresenceWatch

  constructor (options: ParleyOptions = {}) {
    this.#storage = options.storage
    const url = (options.url ?? pageOrigin()).replace(/\/+$/, '')
    const jar = options.jar ?? (needsJar() ? new CookieJar() : undefined)
    this.#onError = options.onError ?? ((error) => { console.error(error) })
    this.emitter = new Emitter(this.#onError)
    const rest = this.rest = createRest({
      url,
      jar,
      fetch: options.fetch ?? ((...args) => fetch(...args)),
      timeoutMs: options.requestTimeoutMs ?? requestTimeoutMs
    })
    const connection = this.connection = new Connection({
      link: () => ({
        url,
        cookie: jar?.header,
        transports: options.transports ?? ['websocket', 'polling'],
        ackTimeoutMs: options.ackTimeoutMs ?? ackTimeoutMs,
        readyTimeoutMs
      }),
      onReady: (link, ready) => { this.#connected(link, ready) },
      onEvent: (name, payload) => { this.#hear(name, payload) },
      onLost: (waitMs) => { this.#lost(waitMs) },
      onEnded: (reason) => { this.ended(reason) },
      onRefused: (error) => { this.#refused(error) }
    })
    const registry = this.#registry = new Registry({
      rest,
      startAt: options.startAt ?? 'now',
      userId: () => this.#user?.id ?? '',
      onError: this.#onError,
      onStep: (room) => { this.#syncing.look(room) },
      onReset: (model, reset) => {
        model.emitter.emit('reset', reset)
        this.emitter.emit('reset', { room: this.rooms.of(model), ...reset })
      },
      onEvents: (model, events) => {
        this.#outbox?.delivered(model.roomId, events, model.log.seq ?? 0)
        model.emitter.emit('events', events)
        this.emitter.emit('events', { room: this.rooms.of(model), events })
      },
      onChange: () => { this.#tellRooms() }
    })
    this.#syncing = new Syncing({ rest, onRefused: (room) => { room.leave() }, onError: this.#onError })
    this.rooms = new Rooms({
      url,
      registry,
      rest,
      connection,
      readMarks: new ReadMarks(connection, this.#onError),
      outbox: () => {
        if (!this.#outbox) throw new ParleyError(this.#state === 'closed' ? 'client.closed' : 'client.signed_out')
        return this.#outbox
      },
      pendingOf: (roomId) => this.#outbox?.pendingOf(roomId) ?? []
    })
    this.presence = new PresenceWatch({
      connection,
      onChange: (users) => { this.emitter.emit('presence', users) },
      onError: this.#onError
    })
  }

  /** What ends with `close()` does not go on after it. */
  get life (): number { return this.#life }
  get state (): ClientState { return this.#state }
  get user (): Account | undefined { return this.#user }
  get session (): Session | undefined { return this.#session }
  get node (): string | undefined { return this.#node }

  /** Signed in by REST: a socket of another session, if there is one, goes. */
  begin (user: Account, session: Session, life: number): void {
    if (life !== this.#life) throw new ParleyError('client.closed')
    if (session.id !== this.#session?.id) this.#disconnect(new ParleyError('client.signed_out'))
    this.#adopt(user, session)
    this.#connect()
  }

  /** Signed out by one's own wish: nothing stays. */
  signedOut (): void {
    const ownerId = this.#ownerId ?? ''
    this.#outboxes.get(ownerId)?.end(new ParleyError('client.signed_out'))
    this.#outboxes.delete(ownerId)
    this.ended('logout')
    this.#forget()
  }

  reconnect (): void {
    if (this.#state === 'refused') this.#connect()
    this.connection.hurry()
  }

  close (): void {
    const error = new ParleyError('client.closed')
    this.#life++
    this.#disconnect(error)
    for (const outbox of this.#outboxes.values()) outbox.end(error, { isStoredKept: true })
    this.#outboxes.clear()
    this.#setState('closed')
  }

  get #outbox (): Outbox | undefined {
    return this.#user && this.#outboxes.get(this.#user.id)
  }

  /** This is who is signed in; whoever it was before leaves nothing behind. */
  #adopt (user: Account, session: Session): void {
    if (user.id !== this.#ownerId) this.#forget()
    this.#ownerId = user.id
    this.#session = session
    if (!this.#outboxes.has(user.id)) this.#outboxes.set(user.id, this.#openOutbox(user.id))
    const isNews = JSON.stringify(user) !== JSON.stringify(this.#user)
    this.#user = user
    if (isNews) this.emitter.emit('user', user)
  }

  #openOutbox (userId: string): Outbox {
    return new Outbox({
      userId,
      storage: this.#storage,
      onChange: (roomId) => { this.#registry.get(roomId).emitter.emit('pending', this.rooms.get(roomId).pending) },
      onError: this.#onError
    })
  }

  #connect (): void {
    if (!['connecting', 'online', 'offline'].includes(this.#state)) this.#setState('connecting')
    this.connection.start()
  }

  #connected (link: Link, ready: ServerEventPayload<'session:ready'>): void {
    // A browser has one cookie for all its tabs: another may have signed somebody else in.
    this.#adopt(ready.user, ready.session)
    this.#node = ready.node
    this.#registry.connected(link, ready)
    this.#outbox?.connected(link)
    this.#syncing.connected(link)
    this.presence.connected()
    this.#setState('online')
  }

  #hear<Name extends ServerEventName> (name: Name, payload: ServerEventPayload<Name>): void {
    const handle: ((payload: ServerEventPayload<Name>) => void) | undefined = this.#handlers[name]
    handle?.(payload)
  }

  readonly #handlers: { [Name in ServerEventName]?: (payload: ServerEventPayload<Name>) => void } = {
    'room:events': ({ roomId, events }) => { this.#registry.get(roomId).hear(events) },
    'room:joined': (state) => { this.#registry.get(state.room.id).enter('joined', state) },
    'room:left': ({ roomId }) => { this.#registry.get(roomId).leave() },
    'read:marked': ({ roomId, seq }) => { this.#registry.get(roomId).read(seq) },
    'typing:changed': ({ roomId, userId, isTyping }) => { this.#registry.get(roomId).typers.set(userId, isTyping) },
    'presence:changed': ({ users }) => { this.presence.changed(users) },
    'server:draining': (notice) => { this.emitter.emit('draining', notice) }
  }

  #lost (waitMs: number): void {
    this.#detach()
    if (this.#state === 'online') this.#setState('offline')
    this.emitter.emit('retry', { at: Date.now() + waitMs })
  }

  #detach (): void {
    this.#syncing.lost()
    this.#registry.lost()
    for (const outbox of this.#outboxes.values()) outbox.lost()
  }

  #disconnect (error: ParleyError): void {
    this.connection.stop(error)
    this.#detach()
  }

  #refused (error: ParleyError): void {
    this.#disconnect(error)
    this.#setState('refused')
    this.#onError(error)
  }

  /** What was not sent waits for the same person to sign in again, and the rooms go on from where they are. */
  ended (reason: EndReason | undefined): void {
    this.#disconnect(new ParleyError('client.signed_out'))
    if (!this.#user) return
    this.#user = this.#session = undefined
    this.#setState('signed-out')
    this.emitter.emit('user', undefined)
    this.emitter.emit('signedOut', { reason })
  }

  #forget (): void {
    this.#ownerId = undefined
    this.#registry.clear()
    this.presence.clear()
  }

  #setState (state: ClientState): void {
    if (state === this.#state) return
    this.#state = state
    this.emitter.emit('state', state)
  }

  #tellRooms (): void {
    if (this.#isTellingRooms) return
    this.#isTellingRooms = true
    queueMicrotask(() => {
      this.#isTellingRooms = false
      this.emitter.emit('rooms', undefined)
    })
  }
}

function pageOrigin (): string {
  const { location } = globalThis as { location?: { origin: string } }
  if (location) return location.origin
  throw new TypeError('createParley needs the url of the server: there is no page to take it from.')
}
