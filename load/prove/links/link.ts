import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { ReplySplitter } from './resp.ts'

/**
 * - `open`: bytes pass.
 * - `hanging`: nothing passes and nothing is refused, as when a cable is pulled; what was sent arrives late.
 * - `refusing`: connections are reset, and no new one is taken.
 * - `forgetful`: of what comes back, notices of rooms are dropped, and everything else passes.
 * - `endless`: the same with the news that a session has ended.
 */
export type LinkMode = 'open' | 'hanging' | 'refusing' | 'forgetful' | 'endless'

interface Pair {
  near: Socket
  far: Socket
}

/** A way from one node to one store that can be cut. */
export class Link {
  readonly #server: Server
  readonly #isRedis: boolean
  readonly #pairs = new Set<Pair>()
  #mode: LinkMode = 'open'
  /** How many notices were dropped. */
  forgotten = 0

  private constructor (target: { host: string, port: number }, isRedis: boolean) {
    this.#isRedis = isRedis
    this.#server = createServer({ allowHalfOpen: true }, (near) => { this.#accept(near, target) })
  }

  static async open (targetUrl: string): Promise<Link> {
    const { hostname, port, protocol } = new URL(targetUrl)
    const link = new Link({ host: hostname, port: Number(port) }, protocol === 'redis:')
    link.#server.listen(0, '127.0.0.1')
    await once(link.#server, 'listening')
    return link
  }

  /** The target's URL, by way of this link. */
  urlFor (targetUrl: string): string {
    const url = new URL(targetUrl)
    url.hostname = '127.0.0.1'
    url.port = String((this.#server.address() as AddressInfo).port)
    return url.href
  }

  get mode (): LinkMode {
    return this.#mode
  }

  set mode (mode: LinkMode) {
    this.#mode = mode
    for (const { near, far } of this.#pairs) {
      if (mode === 'refusing') {
        near.resetAndDestroy()
        far.destroy()
      } else if (mode === 'hanging') {
        near.pause()
        far.pause()
      } else {
        near.resume()
        far.resume()
      }
    }
  }

  close (): void {
    this.#server.close()
    for (const { near, far } of this.#pairs) {
      near.destroy()
      far.destroy()
    }
  }

  #accept (near: Socket, target: { host: string, port: number }): void {
    near.on('error', () => {}) // Its close says it all.
    if (this.#mode === 'refusing') {
      near.resetAndDestroy()
      return
    }
    const far = connect(target)
    far.on('error', () => {})
    const pair = { near, far }
    this.#pairs.add(pair)
    const replies = this.#isRedis ? new ReplySplitter() : undefined
    near.on('data', (bytes) => { far.write(bytes) })
    far.on('data', (bytes) => {
      // Always taken apart, since the link may become forgetful in the middle of a reply.
      for (const part of replies?.push(bytes) ?? [bytes]) this.#passOn(part, near)
    })
    near.on('end', () => { far.end() })
    far.on('end', () => { near.end() })
    const forget = (): void => {
      this.#pairs.delete(pair)
      near.destroy()
      far.destroy()
    }
    near.on('close', forget)
    far.on('close', forget)
    if (this.#mode === 'hanging') {
      near.pause()
      far.pause()
    }
  }

  #passOn (part: Buffer, near: Socket): void {
    const isForgotten = (this.#mode === 'forgetful' && isNotice(part)) || (this.#mode === 'endless' && isEnding(part))
    if (isForgotten) this.forgotten++
    else near.write(part)
  }
}

/** What a node says to the others of a room, as opposed to probes, presence and the adapter's own. */
function isNotice (reply: Buffer): boolean {
  const head = reply.toString('latin1', 0, 120)
  return head.includes('smessage\r\n') && head.includes(':room:{')
}

/** What the nodes tell each other through Socket.IO's adapter: an event's name and what belongs to it, as JSON. */
function isEnding (reply: Buffer): boolean {
  const head = reply.toString('latin1', 0, 120)
  return head.includes('smessage\r\n') && head.includes(':adapter') && reply.includes('"session:ended"')
}
