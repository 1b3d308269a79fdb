import { setTimeout as sleep } from 'node:timers/promises'
import { LightSocket, type Door, type Visit } from '../clients/light-socket.ts'
import type { Random } from '../random.ts'
import type { GuestAccount } from '../sessions/account.ts'

export interface VisitorOptions {
  account: GuestAccount
  doors: () => Door[]
  random: Random
}

/** One of a visitor's devices: a session, and a socket or none. */
interface Screen {
  cookie: string
  socket: LightSocket | undefined
}

/** Somebody with a laptop and a phone, who reloads pages, goes away and comes back, and says so or does not. */
export class Visitor {
  readonly visits: Visit[] = []
  readonly account: GuestAccount
  readonly #options: VisitorOptions
  readonly #stopped = new AbortController()
  #screens: Screen[] = []
  #running: Promise<void> | undefined

  constructor (options: VisitorOptions) {
    this.#options = options
    this.account = options.account
  }

  /** All that is open is connected. */
  get isSettled (): boolean {
    return this.#screens.every(({ socket }) => !socket || socket.isReady || socket.isOver)
  }

  start (): void {
    this.#running = this.#live()
  }

  /** Settles when what was begun is done. */
  async stop (): Promise<void> {
    this.#stopped.abort()
    await this.#running
  }

  finish (): void {
    for (const { socket } of this.#screens) socket?.finish()
  }

  async #live (): Promise<void> {
    const { random } = this.#options
    while (!this.#stopped.signal.aborted) {
      await this.#signIn()
      await sleep(random.between(300, 1500))
      const dice = random.next()
      if (dice < 0.45) await this.#reload()
      else if (dice < 0.6) await this.#swap()
      else if (dice < 0.8) await this.#say()
      else await this.#go()
    }
  }

  /** Both devices, where their session is no more. */
  async #signIn (): Promise<void> {
    const { account, random, doors } = this.#options
    this.#screens = this.#screens.filter(({ socket }) => socket?.isOver !== true)
    while (this.#screens.length < 2) {
      const device = await account.signIn(random.pick(doors()), this.#stopped.signal)
      if (!device) return
      const screen: Screen = { cookie: device.cookie, socket: undefined }
      this.#screens.push(screen)
      if (this.#screens.length === 1 || random.chance(0.5)) this.#open(screen)
    }
  }

  /** Every page at once, the way back by another node perhaps. */
  async #reload (): Promise<void> {
    const open = this.#openScreens()
    for (const screen of open) this.#close(screen)
    await sleep(this.#options.random.between(20, 2500))
    for (const screen of open) this.#open(screen)
    await this.#untilReady(open)
  }

  /** One device for the other. */
  async #swap (): Promise<void> {
    const { random } = this.#options
    const screen = random.pick(this.#screens)
    if (!screen.socket) this.#open(screen)
    else if (this.#openScreens().length > 1) this.#close(screen)
    await this.#untilReady([screen])
  }

  async #say (): Promise<void> {
    const status = this.#options.random.pick(['online', 'away'] as const)
    for (const { socket } of this.#openScreens()) if (socket?.isReady) await socket.say(status)
  }

  /** Now and then for longer than the grace. */
  async #go (): Promise<void> {
    const open = this.#openScreens()
    for (const screen of open) this.#close(screen)
    await sleep(this.#options.random.between(500, 20_000), undefined, { signal: this.#stopped.signal }).catch(() => {}) // Stopped: stays away.
    if (this.#stopped.signal.aborted) return
    for (const screen of open) this.#open(screen)
    await this.#untilReady(open)
  }

  #openScreens (): Screen[] {
    return this.#screens.filter(({ socket }) => socket)
  }

  #open (screen: Screen): void {
    const door = this.#options.random.pick(this.#options.doors())
    screen.socket = new LightSocket({ door, cookie: screen.cookie, visits: this.visits })
  }

  #close (screen: Screen): void {
    screen.socket?.leave()
    screen.socket = undefined
  }

  async #untilReady (screens: Screen[]): Promise<void> {
    for (const deadline = Date.now() + 3000; Date.now() < deadline;) {
      if (screens.every(({ socket }) => !socket || socket.isReady || socket.isOver)) return
      await sleep(30)
    }
  }
}
