import { io, type Socket } from 'socket.io-client'
import type { CommandData, CommandName, CommandPayload, EndReason, ServerEventName, ServerEventPayload } from '../contract/index.ts'
import { ParleyError, toParleyError } from './errors.ts'

/** Why a connection is over. */
export type LinkEnd =
  /** The handshake was refused, in the contract's words. */
  | { type: 'refused', error: ParleyError }
  /** It could not be opened, or it broke. */
  | { type: 'lost' }
  /** The session has ended: do not come back. */
  | { type: 'ended', reason: EndReason }

export interface LinkOptions {
  url: string
  /** Where the platform keeps no cookies. */
  cookie: string | undefined
  transports: readonly ('websocket' | 'polling')[]
  ackTimeoutMs: number
  /** Within this time it must have been told `session:ready`. */
  readyTimeoutMs: number
}

export interface LinkHandlers {
  onReady: (link: Link, ready: ServerEventPayload<'session:ready'>) => void
  /** Everything after `session:ready`, as it comes. */
  onEvent: <Name extends ServerEventName>(name: Name, payload: ServerEventPayload<Name>) => void
  /** Called once; nothing is called after it. */
  onEnd: (end: LinkEnd) => void
}

/** All that most need of a link. */
export type Asker = Pick<Link, 'ask'>

type Answer = { ok: true, data: unknown } | { ok: false, error: unknown }

/** One connection, from its handshake to its end. It never comes back: the next one is another link. */
export class Link {
  readonly #options: LinkOptions
  readonly #handlers: LinkHandlers
  readonly #socket: Socket
  readonly #readyTimer: ReturnType<typeof setTimeout>
  /** Those who wait for an ack. */
  readonly #waiting = new Set<(error: ParleyError) => void>()
  #isOver = false

  constructor (options: LinkOptions, handlers: LinkHandlers) {
    this.#options = options
    this.#handlers = handlers
    this.#socket = io(options.url, {
      transports: [...options.transports],
      tryAllTransports: true,
      ...(options.cookie === undefined ? { withCredentials: true } : { extraHeaders: { cookie: options.cookie } }),
      timeout: options.readyTimeoutMs,
      // When to come back is decided here, and what was on its way is repeated by those who sent it.
      reconnection: false,
      forceNew: true,
      autoConnect: false
    })
    this.#socket.onAny((name: ServerEventName, payload: unknown) => { this.#hear(name, payload as never) })
    this.#socket.on('connect_error', (error) => { this.#end(toEnd(error)) })
    this.#socket.on('disconnect', () => { this.#end({ type: 'lost' }) })
    this.#readyTimer = setTimeout(() => { this.#end({ type: 'lost' }) }, options.readyTimeoutMs)
    this.#socket.connect()
  }

  /**
   * Sends a command and waits for its ack. Commands arrive in the order of the calls.
   *
   * @throws ParleyError what the server refused with; `client.unreachable` when the link ends first, `client.timeout`.
   */
  ask<Name extends CommandName> (name: Name, payload: CommandPayload<Name>): Promise<CommandData<Name>> {
    return new Promise((resolve, reject) => {
      const fail = (error: ParleyError): void => {
        clearTimeout(timer)
        this.#waiting.delete(fail)
        reject(error)
      }
      const timer = setTimeout(() => { fail(new ParleyError('client.timeout')) }, this.#options.ackTimeoutMs)
      if (this.#isOver) return fail(new ParleyError('client.unreachable'))
      this.#waiting.add(fail)
      this.#socket.emit(name, payload, (answer: Answer) => {
        if (!answer.ok) return fail(toParleyError(answer))
        clearTimeout(timer)
        this.#waiting.delete(fail)
        resolve(answer.data as CommandData<Name>)
      })
    })
  }

  /** Ends it without telling anybody. */
  close (): void {
    this.#end()
  }

  #hear<Name extends ServerEventName> (name: Name, payload: ServerEventPayload<Name>): void {
    if (this.#isOver) return
    if (name === 'session:ended') {
      this.#end({ type: 'ended', reason: (payload as ServerEventPayload<'session:ended'>).reason })
    } else if (name === 'session:ready') {
      clearTimeout(this.#readyTimer)
      this.#handlers.onReady(this, payload as ServerEventPayload<'session:ready'>)
    } else {
      this.#handlers.onEvent(name, payload)
    }
  }

  #end (end?: LinkEnd): void {
    if (this.#isOver) return
    this.#isOver = true
    clearTimeout(this.#readyTimer)
    this.#socket.disconnect()
    this.#socket.io.engine?.close()
    for (const fail of [...this.#waiting]) fail(new ParleyError('client.unreachable'))
    if (end) this.#handlers.onEnd(end)
  }
}

function toEnd (error: Error & { data?: unknown }): LinkEnd {
  if (error.data === undefined) return { type: 'lost' }
  return { type: 'refused', error: toParleyError(error.data) }
}
