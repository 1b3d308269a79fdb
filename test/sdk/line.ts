import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import type { Ending } from '../helpers/stores.ts'

/** The line between a client and whichever node: it can be cut, and lead elsewhere afterwards. */
export class Line {
  readonly url: string
  readonly #sockets = new Set<Socket>()
  #target: URL | undefined
  /** How many connections were ever made over it. */
  connections = 0

  static async open (t: Ending, target: { url: string }): Promise<Line> {
    const server = createServer()
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const line = new Line(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    line.lead(target)
    server.on('connection', (socket) => { line.#join(socket) })
    t.teardown(() => {
      line.cut()
      server.close()
    })
    return line
  }

  private constructor (url: string) {
    this.url = url
  }

  /** From now on new connections go there. */
  lead ({ url }: { url: string }): void {
    this.#target = new URL(url)
  }

  /** Breaks every connection, and takes no new one until it leads somewhere again. */
  cut (): void {
    this.#target = undefined
    for (const socket of this.#sockets) socket.destroy()
  }

  #join (near: Socket): void {
    this.connections++
    const far = this.#target && connect(Number(this.#target.port), this.#target.hostname)
    if (!far) {
      near.destroy()
      return
    }
    for (const [socket, other] of [[near, far], [far, near]] as const) {
      this.#sockets.add(socket)
      socket.on('error', () => { other.destroy() })
      socket.on('close', () => {
        this.#sockets.delete(socket)
        other.destroy()
      })
    }
    near.pipe(far).pipe(near)
  }
}
