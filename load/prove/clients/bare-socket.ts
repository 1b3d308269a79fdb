import { setTimeout as sleep } from 'node:timers/promises'
import { io, type Socket } from 'socket.io-client'
import type { CommandData, ErrorBody, RoomEvent, ServerEventPayload } from '../../../contract/index.ts'
import type { Connection, Frame } from '../history.ts'

interface BareSocketOptions {
  url: string
  cookie: string
  transports: Array<'websocket' | 'polling'>
  /** Where each connection is written down. */
  connections: Connection[]
  topOf: (roomId: string) => number
  /** Takes events in and answers with what to write down of them. */
  onEvents: (events: RoomEvent[]) => RoomEvent[]
  onSync: () => void
  /** The session is over. */
  onSignedOut: () => void
}

type SyncAck = { ok: true, data: CommandData<'room:sync'> } | { ok: false, error: ErrorBody }

/** A plain client with one cookie, over as many connections as it takes. */
export class BareSocket {
  readonly client: Socket
  readonly #options: BareSocketOptions
  /** Where each room stood when this connection heard of it. */
  readonly #baselines = new Map<string, { lastSeq: number, epoch: string }>()
  /** Rooms to be asked for. */
  readonly #wanting = new Set<string>()
  #connection: Connection | undefined
  #isReady = false
  #isSyncing = false
  #node: string | undefined
  #isClosed = false

  constructor (options: BareSocketOptions) {
    this.#options = options
    this.client = io(options.url, {
      transports: options.transports,
      extraHeaders: { cookie: options.cookie },
      forceNew: true,
      reconnectionDelay: 100,
      reconnectionDelayMax: 1000,
      timeout: 5000
    })
    this.client.on('connect', () => { this.#opened() })
    this.client.on('disconnect', (reason) => { this.#lost(reason) })
    this.client.on('connect_error', (error) => { this.#refused(error) })
    this.client.on('session:ready', (ready: ServerEventPayload<'session:ready'>) => { this.#ready(ready) })
    this.client.on('room:joined', (joined: ServerEventPayload<'room:joined'>) => { this.#joined(joined) })
    this.client.on('room:left', ({ roomId }: ServerEventPayload<'room:left'>) => { this.#left(roomId) })
    this.client.on('room:events', ({ roomId, events }: ServerEventPayload<'room:events'>) => {
      this.#write({ kind: 'live', at: Date.now(), roomId, events: options.onEvents(events) })
    })
  }

  /** The node that it is connected to, or was last. */
  get node (): string | undefined { return this.#node }
  get isReady (): boolean { return this.#isReady && this.client.connected }
  get roomIds (): ReadonlySet<string> { return new Set(this.#baselines.keys()) }

  /** Told of all its rooms, with nothing left to ask for. */
  get isCurrent (): boolean {
    return this.isReady && this.#wanting.size === 0 && !this.#isSyncing
  }

  close (): void {
    this.#isClosed = true
    // Still open at the end of the run: the checker looks at where it stood.
    this.client.off('disconnect')
    this.client.disconnect()
    this.client.io.engine?.close()
  }

  #opened (): void {
    this.#connection = { id: this.client.id ?? '?', openedAt: Date.now(), frames: [] }
    this.#options.connections.push(this.#connection)
  }

  #lost (reason: string): void {
    this.#isReady = false
    this.#wanting.clear()
    this.#baselines.clear()
    if (this.#connection) Object.assign(this.#connection, { closedAt: Date.now(), closedBecause: reason })
    if (reason === 'io server disconnect' && !this.#isClosed) this.#options.onSignedOut()
  }

  /** A refusal of the contract's ends the plain client's own attempts. */
  #refused ({ data }: { data?: { error?: ErrorBody } }): void {
    if (this.#isClosed || !data?.error) return
    const { code, retryAfterMs = 0 } = data.error
    if (code === 'session.required') this.#options.onSignedOut()
    else setTimeout(() => { if (!this.#isClosed) this.client.connect() }, retryAfterMs + 100 + Math.random() * 400)
  }

  #ready ({ node, rooms }: ServerEventPayload<'session:ready'>): void {
    const baselines = rooms.map(({ room, lastSeq, epoch }) => ({ roomId: room.id, lastSeq, epoch }))
    this.#write({ kind: 'ready', at: Date.now(), node, rooms: baselines })
    this.#isReady = true
    this.#node = node
    for (const { roomId, lastSeq, epoch } of baselines) this.#baselines.set(roomId, { lastSeq, epoch })
    this.#want([...this.#baselines.keys()])
  }

  #joined ({ room, lastSeq, epoch }: ServerEventPayload<'room:joined'>): void {
    this.#write({ kind: 'joined', at: Date.now(), roomId: room.id, lastSeq, epoch })
    this.#baselines.set(room.id, { lastSeq, epoch })
    this.#want([room.id])
  }

  #left (roomId: string): void {
    this.#write({ kind: 'left', at: Date.now(), roomId })
    this.#baselines.delete(roomId)
    this.#wanting.delete(roomId)
  }

  #write (frame: Frame): void {
    this.#connection?.frames.push(frame)
  }

  #want (roomIds: string[]): void {
    for (const roomId of roomIds) this.#wanting.add(roomId)
    if (!this.#isSyncing) void this.#sync()
  }

  /** Asks until nothing is left to ask for, page by page. */
  async #sync (): Promise<void> {
    this.#isSyncing = true
    while (this.#wanting.size > 0 && this.isReady) {
      const isAnswered = await this.#ask([...this.#wanting].slice(0, 100))
      if (!isAnswered) await sleep(300)
    }
    this.#isSyncing = false
  }

  #ask (roomIds: string[]): Promise<boolean> {
    const connection = this.#connection
    const rooms = roomIds.map((roomId) => ({ roomId, after: this.#options.topOf(roomId), epoch: this.#baselines.get(roomId)?.epoch ?? '' }))
    this.#options.onSync()
    return new Promise((resolve) => {
      this.client.timeout(10_000).emit('room:sync', { rooms }, (failure: Error | null, ack?: SyncAck) => {
        if (failure || !ack?.ok || connection !== this.#connection) return resolve(false)
        for (const room of ack.data.rooms) this.#synced(room, rooms.find(({ roomId }) => roomId === room.roomId)?.after ?? 0)
        resolve(true)
      })
    })
  }

  #synced ({ roomId, events, lastSeq, epoch, hasMore, reset }: CommandData<'room:sync'>['rooms'][number], after: number): void {
    const kept = this.#options.onEvents(events)
    this.#write({ kind: 'synced', at: Date.now(), roomId, after, events: kept, lastSeq, epoch, hasMore, isReset: reset === true })
    if (!hasMore) this.#wanting.delete(roomId)
  }
}
