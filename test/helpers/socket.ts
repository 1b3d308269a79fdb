import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client'
import type {
  CommandData, CommandName, CommandPayload, ErrorBody, RoomEvent, ServerEventName, ServerEventPayload,
} from '../../contract/index.ts'
import type { Address } from './node.ts'
import { Recorder, type Received } from './recorder.ts'

/** How every command is answered; which of the two is there is what the test looks at. */
export interface Ack<Data> {
  ok: boolean
  data?: Data
  error?: ErrorBody
}

export interface ConnectOptions extends Partial<ManagerOptions & SocketOptions> {
  cookie?: string
  /** Another namespace than the one there is. */
  namespace?: string
  /** As a browser on a page of this origin would send it. */
  origin?: string
}

const timeoutMs = 5000

/** A Socket.IO client that remembers everything it was told, in order. */
export class TestSocket {
  readonly node: Address
  readonly client: Socket
  readonly #recorder = new Recorder()
  #ready: ServerEventPayload<'session:ready'> | undefined

  /** Opens nothing lasting until `connect` or `refusal` is awaited. */
  constructor (node: Address, { cookie, origin, namespace = '', ...options }: ConnectOptions = {}) {
    this.node = node
    const extraHeaders = { ...(cookie && { cookie }), ...(origin && { origin }), ...options.extraHeaders }
    this.client = io(node.url + namespace, {
      transports: ['websocket'], reconnection: false, forceNew: true, autoConnect: false, ...options, extraHeaders,
    })
    this.client.onAny((event: string, payload: unknown) => this.#recorder.add(event, payload))
    this.client.on('disconnect', (reason) => this.#recorder.add('disconnect', reason))
    this.client.on('connect_error', (error) => this.#recorder.add('connect_error', error))
    node.sockets.add(this)
  }

  /** Connects and waits for `session:ready`; fails with what the server said when it refuses. */
  async connect (): Promise<this> {
    this.client.connect()
    const first = await this.#recorder.nextOf(['session:ready', 'connect_error'], () => true, timeoutMs)
    if (first.event === 'connect_error') {
      this.close()
      throw refusalError(first.payload)
    }
    this.#ready = first.payload as ServerEventPayload<'session:ready'>
    return this
  }

  /** Connects, expecting to be turned away: answers with what `connect_error` carried. */
  async refusal (): Promise<ErrorBody | undefined> {
    this.client.connect()
    const { payload } = await this.#recorder.nextOf(['connect_error'], () => true, timeoutMs)
    this.close()
    return (payload as { data?: { error?: ErrorBody } }).data?.error
  }

  /** What the last `session:ready` said. */
  get ready (): ServerEventPayload<'session:ready'> {
    if (!this.#ready) throw new Error('This socket has not connected.')
    return this.#ready
  }

  /** Everything received so far, in order; `disconnect` and `connect_error` among it. */
  get received (): readonly Received[] {
    return this.#recorder.received
  }

  /** Sends a command of the contract and resolves with the ack, whichever it is. */
  async ask<Name extends CommandName>(command: Name, payload: CommandPayload<Name>): Promise<Ack<CommandData<Name>>> {
    return await this.send<CommandData<Name>>(command, payload)
  }

  /** Sends anything under any name, as a hostile or broken client would, and resolves with the ack. */
  async send<Data = unknown>(event: string, ...args: unknown[]): Promise<Ack<Data>> {
    return await this.client.timeout(timeoutMs).emitWithAck(event, ...args) as Ack<Data>
  }

  /** Like `ask` for what must succeed: resolves with the data, fails with the error. */
  async do<Name extends CommandName>(command: Name, payload: CommandPayload<Name>): Promise<CommandData<Name>> {
    const { ok, data, error } = await this.ask(command, payload)
    if (!ok || data === undefined) throw new Error(`${command} was refused: ${error?.code}: ${error?.message}`)
    return data
  }

  /**
   * The payload of the next event of this name, received before or within the time, that no `next` has taken yet.
   * The name may be `disconnect`: then the payload is the reason.
   */
  async next<Name extends ServerEventName>(
    event: Name, matches?: (payload: ServerEventPayload<Name>) => boolean, withinMs?: number
  ): Promise<ServerEventPayload<Name>>
  async next (event: 'disconnect', matches?: (reason: string) => boolean, withinMs?: number): Promise<string>
  async next (event: string, matches: (payload: never) => boolean = () => true, withinMs = timeoutMs): Promise<unknown> {
    const { payload } = await this.#recorder.nextOf([event], matches as (payload: unknown) => boolean, withinMs)
    return payload
  }

  /** The events of one room as they came live, in the order in which they came, repeats and all. */
  log (roomId: string): RoomEvent[] {
    return this.received.flatMap(({ event, payload }) => {
      const frame = payload as ServerEventPayload<'room:events'>
      return event === 'room:events' && frame.roomId === roomId ? frame.events : []
    })
  }

  /** Resolves with the room's log as received, once it holds this seq. */
  async caughtUp (roomId: string, seq: number, withinMs = timeoutMs): Promise<RoomEvent[]> {
    return await this.#recorder.waitFor(() => {
      const log = this.log(roomId)
      return log.some((event) => event.seq === seq) ? log : undefined
    }, `event ${seq} of room ${roomId}`, withinMs)
  }

  close (): void {
    this.node.sockets.delete(this)
    this.client.disconnect()
  }
}

function refusalError (cause: unknown): Error {
  const { error } = (cause as { data?: { error?: ErrorBody } }).data ?? {}
  return new Error(error ? `The socket was refused: ${error.code}: ${error.message}` : 'The socket did not connect.', { cause })
}
