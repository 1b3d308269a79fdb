import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'

/** How Redis says that a message came by a sharded channel, up to the length of the channel's name. */
const head = Buffer.from('$8\r\nsmessage\r\n$')
/** Longer than the head and a channel's name: a message may be cut anywhere. */
const keptBytes = 300

/** A way to Redis that counts, by channel, the messages that a node is told. */
export class RedisTap {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #heard = new Map<string, number>()

  private constructor (redisUrl: string) {
    const { hostname, port } = new URL(redisUrl)
    this.#server = createServer((client) => { this.#lay(client, connect(Number(port || '6379'), hostname)) })
  }

  static async open (redisUrl: string): Promise<RedisTap> {
    const tap = new RedisTap(redisUrl)
    tap.#server.listen(0, '127.0.0.1')
    await once(tap.#server, 'listening')
    return tap
  }

  get url (): string {
    return `redis://127.0.0.1:${(this.#server.address() as { port: number }).port}`
  }

  get heard (): ReadonlyMap<string, number> {
    return this.#heard
  }

  reset (): void {
    this.#heard = new Map()
  }

  close (): void {
    for (const socket of this.#sockets) socket.destroy()
    this.#server.close()
  }

  #lay (client: Socket, redis: Socket): void {
    let rest: Buffer = Buffer.alloc(0)
    redis.on('data', (data) => { rest = this.#count(Buffer.concat([rest, data])) })
    client.pipe(redis)
    redis.pipe(client)
    for (const [socket, other] of [[client, redis], [redis, client]] as const) {
      this.#sockets.add(socket.setNoDelay())
      socket.on('error', () => other.destroy())
      socket.on('close', () => {
        this.#sockets.delete(socket)
        other.destroy()
      })
    }
  }

  /** Returns what may be the beginning of another. */
  #count (data: Buffer): Buffer {
    let position = 0
    for (;;) {
      const start = data.indexOf(head, position)
      if (start < 0) return data.subarray(Math.max(position, data.length - head.length + 1))
      const text = data.toString('latin1', start + head.length, start + keptBytes)
      const [, length, channels = ''] = /^(\d+)\r\n([^]*)/.exec(text) ?? []
      if (length === undefined || channels.length < Number(length)) return data.subarray(start)
      const channel = channels.slice(0, Number(length))
      this.#heard.set(channel, (this.#heard.get(channel) ?? 0) + 1)
      position = start + head.length
    }
  }
}
