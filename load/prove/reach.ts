import { connect, type Socket } from 'node:net'
import type { Silence } from './conditions.ts'

const everyMs = 100
/** A busy machine may take its time; an outage lasts longer. */
const patienceMs = 500

/** Asks Redis again and again by the way that a node has to it, and writes down when there was no answer. */
export class Reach {
  readonly #node: string
  readonly #address: { host: string, port: number }
  readonly #silences: Silence[]
  readonly #timer: NodeJS.Timeout
  #socket: Socket | undefined
  #answeredAt = Date.now()
  /** When the question was put that has no answer yet. */
  #askedAt: number | undefined
  #silence: Silence | undefined

  /** @param redisUrl by way of the node's link */
  constructor (node: string, redisUrl: string, silences: Silence[]) {
    const { hostname, port } = new URL(redisUrl)
    this.#node = node
    this.#address = { host: hostname, port: Number(port) }
    this.#silences = silences
    this.#timer = setInterval(() => { this.#tick() }, everyMs)
  }

  close (): void {
    clearInterval(this.#timer)
    this.#socket?.destroy()
    // A silence that has no end yet keeps none: nobody asks any more.
  }

  #tick (): void {
    if (this.#askedAt !== undefined && Date.now() - this.#askedAt > patienceMs) this.#lost()
    if (!this.#socket) this.#open()
    else if (this.#askedAt === undefined) this.#ask()
  }

  #open (): void {
    const socket = connect(this.#address)
    this.#socket = socket
    // Its close says it all.
    socket.on('error', () => {})
    socket.on('close', () => {
      if (socket !== this.#socket) return
      this.#socket = undefined
      this.#askedAt = undefined
      this.#lost()
    })
    socket.on('data', (bytes) => { this.#answered(String(bytes)) })
    this.#ask()
  }

  #ask (): void {
    this.#askedAt = Date.now()
    this.#socket?.write('PING\r\n')
  }

  /** A Redis that reads its data back answers, but not with what was asked for. */
  #answered (text: string): void {
    this.#askedAt = undefined
    if (!text.startsWith('+PONG')) return this.#lost()
    this.#answeredAt = Date.now()
    if (this.#silence) this.#silence.until = this.#answeredAt
    this.#silence = undefined
  }

  #lost (): void {
    if (this.#silence) return
    this.#silence = { node: this.#node, why: 'redis', from: this.#answeredAt, until: Infinity }
    this.#silences.push(this.#silence)
  }
}
