import { WebSocket } from 'ws'
import { enterText, pongText, readPacketOnce, writeCommand, type Packet } from './frames.ts'

export interface LightSocketOptions {
  /** `http://host:port`, of a node or of a balancer. */
  url: string
  /** The value of the `Cookie` header; left out for a server that asks for none. */
  cookie?: string
  /** Called for every event, with a payload that other sockets share. */
  onEvent?: (name: string, payload: unknown) => void
  /** The connection is over, by whichever side; not called when it was refused. */
  onClose?: (code: number) => void
}

/** What the server answered to a handshake that it refused. */
export class Refusal extends Error {
  readonly data: unknown

  constructor (data: unknown) {
    super('The server refused the connection.')
    this.data = data
  }
}

const openMs = 20_000

/** A client that costs its process little: one websocket, no reconnecting, frames read once for all listeners. */
export class LightSocket {
  /** Bytes of payload that came in, over all sockets of this process. */
  static bytesIn = 0
  static framesIn = 0

  readonly #options: LightSocketOptions
  readonly #socket: WebSocket
  readonly #acks = new Map<number, (answer: unknown) => void>()
  #lastId = 0
  #settle: { resolve: () => void, reject: (error: Error) => void } | undefined

  /** Opens it; `LightSocket.open` waits until it is in. */
  private constructor (options: LightSocketOptions) {
    this.#options = options
    this.#socket = new WebSocket(`${options.url.replace(/^http/, 'ws')}/socket.io/?EIO=4&transport=websocket`, {
      perMessageDeflate: false,
      skipUTF8Validation: true,
      handshakeTimeout: openMs,
      ...(options.cookie !== undefined && { headers: { cookie: options.cookie } })
    })
  }

  /**
   * Connects and enters the main namespace.
   *
   * @throws Refusal when the server says no; Error when there is no connection.
   */
  static async open (options: LightSocketOptions): Promise<LightSocket> {
    const light = new LightSocket(options)
    await light.#enter()
    return light
  }

  get isOpen (): boolean {
    return this.#socket.readyState === WebSocket.OPEN
  }

  /** Sends a command and resolves with what was acked; never when the connection ends before. */
  ask (name: string, payload: unknown): Promise<unknown> {
    return new Promise((resolve) => { this.tell(name, payload, resolve) })
  }

  /** The same without a promise. */
  tell (name: string, payload: unknown, onAck: (answer: unknown) => void): void {
    const id = ++this.#lastId
    this.#acks.set(id, onAck)
    this.#socket.send(writeCommand(id, name, payload))
  }

  /** Ends the connection without a word, as a crash does. */
  terminate (): void {
    this.#socket.terminate()
  }

  close (): void {
    this.#socket.close()
  }

  async #enter (): Promise<void> {
    const socket = this.#socket
    const entered = new Promise<void>((resolve, reject) => { this.#settle = { resolve, reject } })
    const timer = setTimeout(() => { this.#fail(new Error(`Not connected within ${openMs / 1000} s.`)) }, openMs)
    socket.on('message', (data: Buffer) => { this.#read(data) })
    socket.on('error', (error) => { this.#fail(error) })
    socket.on('close', (code) => {
      if (this.#settle) this.#fail(new Error(`The connection was closed (${code}) before it was let in.`))
      else this.#options.onClose?.(code)
    })
    try {
      await entered
    } finally {
      clearTimeout(timer)
    }
  }

  /** Before it is in; later the `close` that follows says it. */
  #fail (error: Error): void {
    this.#settle?.reject(error)
    this.#settle = undefined
    this.#socket.terminate()
  }

  #read (data: Buffer): void {
    LightSocket.bytesIn += data.length
    LightSocket.framesIn++
    // Latin 1 would be quicker, and wrong for whatever is not ASCII.
    this.#take(readPacketOnce(data.toString()))
  }

  #take (packet: Packet): void {
    switch (packet.kind) {
      case 'open': return this.#socket.send(enterText)
      case 'ping': return this.#socket.send(pongText)
      case 'event': return this.#options.onEvent?.(packet.name, packet.payload)
      case 'refused': return this.#fail(new Refusal(packet.data))
      case 'connected': {
        this.#settle?.resolve()
        this.#settle = undefined
        return
      }
      case 'ack': {
        this.#acks.get(packet.id)?.(packet.answer)
        this.#acks.delete(packet.id)
      }
    }
  }
}
