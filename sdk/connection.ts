import type { CommandData, CommandName, CommandPayload, EndReason, ServerEventName, ServerEventPayload } from '../contract/index.ts'
import { Backoff } from './backoff.ts'
import { ParleyError } from './errors.ts'
import { Link, type LinkEnd, type LinkOptions } from './link.ts'
import { sleep } from './sleep.ts'

export interface ConnectionOptions {
  link: () => LinkOptions
  onReady: (link: Link, ready: ServerEventPayload<'session:ready'>) => void
  onEvent: <Name extends ServerEventName>(name: Name, payload: ServerEventPayload<Name>) => void
  /** It broke; it tries again after so long. */
  onLost: (waitMs: number) => void
  /** The session is over; undefined when only its absence was found. */
  onEnded: (reason: EndReason | undefined) => void
  /** The server will not have us, and trying again would change nothing. */
  onRefused: (error: ParleyError) => void
}

/** A connection that held for so long was a good one: the next wait is short again. */
const soundMs = 5000
/** A draining node has spread its clients already. */
const drainedMs = 100

interface Waiter {
  resolve: (link: Link) => void
  reject: (error: ParleyError) => void
}

/** Keeps one link to the server, for as long as there is a session: comes back, and knows when not to. */
export class Connection {
  readonly #options: ConnectionOptions
  readonly #backoff = new Backoff({ baseMs: 400, maxMs: 15_000 })
  #link: Link | undefined
  #ready: Link | undefined
  #readyAt = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  #isDraining = false
  readonly #waiters = new Set<Waiter>()
  /** Why there is no connection, and will be none. */
  #stopped: ParleyError | undefined = new ParleyError('client.signed_out')

  constructor (options: ConnectionOptions) {
    this.#options = options
  }

  /** The link that has been told `session:ready`. */
  get ready (): Link | undefined {
    return this.#ready
  }

  /** Connects, if that has not begun. */
  start (): void {
    this.#stopped = undefined
    if (!this.#link && this.#timer === undefined) this.#open()
  }

  /** Ends it; whoever waits for it is told why. */
  stop (error: ParleyError): void {
    this.#stopped = error
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#link?.close()
    this.#link = this.#ready = undefined
    this.#backoff.reset()
    for (const { reject } of this.#waiters) reject(error)
    this.#waiters.clear()
  }

  /** Tries at once what it was waiting for: the line is back. */
  hurry (): void {
    if (this.#timer === undefined) return
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#open()
  }

  /** Settles with a ready link, as soon as there is one; fails when there will be none. */
  untilReady (): Promise<Link> {
    if (this.#stopped) return Promise.reject(this.#stopped)
    if (this.#ready) return Promise.resolve(this.#ready)
    return new Promise((resolve, reject) => { this.#waiters.add({ resolve, reject }) })
  }

  /** Asks for something that may be asked again, until there is an answer. */
  async ask<Name extends CommandName> (name: Name, payload: CommandPayload<Name>): Promise<CommandData<Name>> {
    const backoff = new Backoff({ baseMs: 200, maxMs: 5000 })
    for (;;) {
      const link = await this.untilReady()
      try {
        return await link.ask(name, payload)
      } catch (error) {
        if (!(error instanceof ParleyError) || !error.retryable) throw error
        const waitMs = error.code === 'client.unreachable' ? 0 : backoff.nextMs(error.retryAfterMs)
        await sleep(waitMs)
      }
    }
  }

  #open (): void {
    this.#isDraining = false
    const { onReady, onEvent } = this.#options
    this.#link = new Link(this.#options.link(), {
      onReady: (link, ready) => {
        this.#ready = link
        this.#readyAt = Date.now()
        onReady(link, ready)
        for (const { resolve } of this.#waiters) resolve(link)
        this.#waiters.clear()
      },
      onEvent: (name, payload) => {
        if (name === 'server:draining') this.#isDraining = true
        onEvent(name, payload)
      },
      onEnd: (end) => { this.#over(end) }
    })
  }

  #over (end: LinkEnd): void {
    const wasSound = this.#ready !== undefined && Date.now() - this.#readyAt > soundMs
    this.#link = this.#ready = undefined
    if (wasSound) this.#backoff.reset()
    if (end.type === 'ended') return this.#options.onEnded(end.reason)
    if (end.type === 'refused' && end.error.code === 'session.required') return this.#options.onEnded(undefined)
    // A server that has an error may be well again; one that does not let this origin in will not.
    if (end.type === 'refused' && !end.error.retryable && end.error.code !== 'server.error') return this.#options.onRefused(end.error)
    const waitMs = this.#isDraining
      ? Math.random() * drainedMs
      : this.#backoff.nextMs(end.type === 'refused' ? end.error.retryAfterMs : 0)
    this.#timer = setTimeout(() => { this.hurry() }, waitMs)
    this.#options.onLost(waitMs)
  }
}
