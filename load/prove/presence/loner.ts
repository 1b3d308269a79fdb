import { LightSocket, type Door, type Visit } from '../clients/light-socket.ts'
import type { GuestAccount } from '../sessions/account.ts'
import { crashToOfflineMs } from './departures.ts'

export interface LonerOptions {
  account: GuestAccount
  node: Door
  /** To sign in through, whatever becomes of the node. */
  balancer: Door
}

/** Long enough to be seen offline after a crash. */
const awayMs = crashToOfflineMs + 3000
const everyMs = 200

/** Somebody with one connection, to one node, who does not come back at once when it is lost. */
export class Loner {
  readonly visits: Visit[] = []
  readonly account: GuestAccount
  readonly #options: LonerOptions
  readonly #stopped = new AbortController()
  readonly #timer: NodeJS.Timeout
  #socket: LightSocket | undefined
  #lostAt = 0
  #isEntering = false

  constructor (options: LonerOptions) {
    this.#options = options
    this.account = options.account
    this.#timer = setInterval(() => { this.#tick() }, everyMs)
  }

  get isReady (): boolean { return this.#socket?.isReady ?? false }

  /** Stays as it is. */
  stop (): void {
    this.#stopped.abort()
    clearInterval(this.#timer)
  }

  finish (): void {
    this.#socket?.finish()
  }

  #tick (): void {
    if (this.isReady) this.#lostAt = Date.now()
    const isDue = this.#socket?.isOver === true || Date.now() - this.#lostAt > awayMs
    if (isDue && !this.#isEntering) void this.#enter()
  }

  async #enter (): Promise<void> {
    const { account, balancer, node } = this.#options
    this.#isEntering = true
    this.#socket?.leave()
    const device = await account.signIn(balancer, this.#stopped.signal)
    if (device && !this.#stopped.signal.aborted) {
      this.#socket = new LightSocket({ door: node, cookie: device.cookie, visits: this.visits, returns: false })
      this.#lostAt = Date.now()
    }
    this.#isEntering = false
  }
}
