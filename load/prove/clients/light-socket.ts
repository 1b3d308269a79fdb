import { io, type Socket } from 'socket.io-client'
import type { EndReason, ErrorBody, Presence, ServerEventPayload } from '../../../contract/index.ts'

/** One attempt at a connection, and what came of it. Times are milliseconds since the epoch. */
export interface Visit {
  /** A node's name, or `balancer`. */
  via: string
  /** When the attempt began. */
  startedAt: number
  /** As `session:ready` said. */
  node?: string
  /** When it was let in. */
  connectedAt?: number
  /** When `session:ready` came: from then on others see it. */
  readyAt?: number
  refused?: { at: number, code: string }
  ended?: { at: number, reason: EndReason }
  closedAt?: number
  /** As Socket.IO names it; `left` when it was us. */
  closedBecause?: string
  /** What it said of itself since. */
  statuses: Array<{ at: number, status: 'online' | 'away' }>
}

export interface Door {
  name: string
  url: string
}

export interface LightSocketOptions {
  door: Door
  cookie: string
  /** Where its visits are written down. */
  visits: Visit[]
  /** Whether it comes back by itself; it does unless told not to. */
  returns?: boolean
  onReady?: (socket: LightSocket) => void
  onClose?: (visit: Visit) => void
  onPresence?: (users: Presence[]) => void
}

/** A client that keeps no log of anything but its own connections, made anew for each, so that each attempt is known. */
export class LightSocket {
  readonly #options: LightSocketOptions
  #client: Socket | undefined
  #visit: Visit | undefined
  #timer: NodeJS.Timeout | undefined
  #isOver = false

  constructor (options: LightSocketOptions) {
    this.#options = options
    this.#open()
  }

  /** Connected, and told so. */
  get isReady (): boolean { return this.#visit?.readyAt !== undefined && this.#visit.closedAt === undefined }
  /** It will not come back: it has left, or its session is no more. */
  get isOver (): boolean { return this.#isOver }

  /** Goes, on purpose. */
  leave (): void {
    if (this.#visit && this.#visit.closedAt === undefined && this.#visit.connectedAt !== undefined) {
      Object.assign(this.#visit, { closedAt: Date.now(), closedBecause: 'left' })
    }
    this.finish()
  }

  /** The run is over: what is open is written down as such. */
  finish (): void {
    this.#isOver = true
    clearTimeout(this.#timer)
    this.#drop()
  }

  /**
   * What the server acked; undefined when nothing came, or a refusal. `take` is handed it before anything that came
   * after it, which whoever waits for the promise cannot be sure of.
   */
  ask<Data> (name: string, payload: object, take?: (data: Data) => void): Promise<Data | undefined> {
    const client = this.#client
    return new Promise((resolve) => {
      if (!client?.connected) return resolve(undefined)
      client.timeout(10_000).emit(name, payload, (failure: Error | null, ack?: { ok: boolean, data: Data }) => {
        const data = failure || !ack?.ok ? undefined : ack.data
        if (data !== undefined) take?.(data)
        resolve(data)
      })
    })
  }

  async say (status: 'online' | 'away'): Promise<boolean> {
    const visit = this.#visit
    const isSaid = await this.ask('presence:set', { status }) !== undefined
    if (isSaid) visit?.statuses.push({ at: Date.now(), status })
    return isSaid
  }

  #open (): void {
    const { door, cookie, visits, onReady, onClose, onPresence } = this.#options
    const visit: Visit = { via: door.name, startedAt: Date.now(), statuses: [] }
    visits.push(visit)
    this.#visit = visit
    const client = io(door.url, { transports: ['websocket'], extraHeaders: { cookie }, forceNew: true, reconnection: false, timeout: 5000 })
    this.#client = client
    client.on('connect', () => { visit.connectedAt = Date.now() })
    client.on('session:ready', ({ node }: ServerEventPayload<'session:ready'>) => {
      Object.assign(visit, { node, readyAt: Date.now() })
      onReady?.(this)
    })
    client.on('session:ended', ({ reason }: ServerEventPayload<'session:ended'>) => { visit.ended = { at: Date.now(), reason } })
    if (onPresence) client.on('presence:changed', ({ users }: ServerEventPayload<'presence:changed'>) => { onPresence(users) })
    client.on('disconnect', (reason) => {
      Object.assign(visit, { closedAt: Date.now(), closedBecause: reason })
      onClose?.(visit)
      if (reason === 'io server disconnect') this.finish()
      else this.#openLater(0)
    })
    client.on('connect_error', ({ data }: Error & { data?: { error?: ErrorBody } }) => {
      const { code = 'none', retryAfterMs = 0 } = data?.error ?? {}
      visit.refused = { at: Date.now(), code }
      if (code === 'session.required') this.finish()
      else this.#openLater(retryAfterMs)
    })
  }

  #openLater (afterMs: number): void {
    this.#drop()
    if (this.#isOver || this.#options.returns === false) return
    this.#timer = setTimeout(() => { this.#open() }, afterMs + 100 + Math.random() * 300)
  }

  #drop (): void {
    this.#client?.removeAllListeners()
    this.#client?.disconnect()
    this.#client?.io.engine?.close()
    this.#client = undefined
  }
}
