import type { CommandData, CommandName, CommandPayload, Presence, ServerEventPayload } from '../../../contract/index.ts'
import { ParleyError, toParleyError } from '../../../sdk/errors.ts'
import { LightSocket } from '../../light/socket.ts'
import type { EventsFrame } from './hearing.ts'

type Ready = ServerEventPayload<'session:ready'>

export interface ConnectionEvents {
  onReady: (ready: Ready) => void
  onEvents: (frame: EventsFrame) => void
  onPresence: (users: Presence[]) => void
  /** Why: `draining`, `session_ended`, or the code of the close. */
  onClose: (reason: string) => void
}

type Answer = { ok: true, data: unknown } | { ok: false, error: unknown }

const readyMs = 20_000

/** A light socket that speaks the contract. */
export class Connection {
  readonly #events: ConnectionEvents
  #socket: LightSocket | undefined
  #reason: string | undefined
  #isOver = false
  /** Those who wait for an answer: told when there will be none. */
  readonly #waiting = new Set<(error: Error) => void>()
  #settle: { resolve: (ready: Ready) => void, reject: (error: Error) => void } | undefined
  #close: () => void = () => {}
  /** Resolves when it is over. */
  readonly closed: Promise<void>

  constructor (events: ConnectionEvents) {
    this.#events = events
    this.closed = new Promise((resolve) => { this.#close = resolve })
  }

  get isReady (): boolean {
    return !this.#isOver && this.#settle === undefined && (this.#socket?.isOpen ?? false)
  }

  /** @throws Refusal, or ParleyError when it ends before the server has said `session:ready`. */
  async open (url: string, cookie: string | undefined): Promise<Ready> {
    const ready = new Promise<Ready>((resolve, reject) => { this.#settle = { resolve, reject } })
    // It may end in the very tick in which it was let in, before it is waited for below.
    ready.catch(() => {})
    const timer = setTimeout(() => { this.#socket?.terminate() }, readyMs)
    try {
      this.#socket = await LightSocket.open({
        url,
        ...(cookie !== undefined && { cookie }),
        onEvent: (name, payload) => { this.#take(name, payload) },
        onClose: (code) => { this.#over(code) }
      })
      return await ready
    } finally {
      clearTimeout(timer)
    }
  }

  /** @throws ParleyError what the server answers, or `client.unreachable` when the connection ends before. */
  ask<Name extends CommandName> (name: Name, payload: CommandPayload<Name>): Promise<CommandData<Name>> {
    return new Promise((resolve, reject) => {
      if (this.#isOver) return reject(new ParleyError('client.unreachable'))
      this.#waiting.add(reject)
      this.tell(name, payload, (answer) => {
        this.#waiting.delete(reject)
        if (answer.ok) resolve(answer.data as CommandData<Name>)
        else reject(toParleyError(answer))
      })
    })
  }

  /** The same without a promise; when the connection ends before, there is no answer. */
  tell (name: CommandName, payload: unknown, onAnswer: (answer: Answer) => void): void {
    if (!this.#socket) throw new Error('Nothing can be sent before the connection is open.')
    this.#socket.tell(name, payload, (answer) => { onAnswer(answer as Answer) })
  }

  terminate (): void {
    this.#isOver = true
    this.#socket?.terminate()
  }

  #take (name: string, payload: unknown): void {
    if (this.#isOver) return
    switch (name) {
      case 'room:events': return this.#events.onEvents(payload as EventsFrame)
      case 'presence:changed': return this.#events.onPresence((payload as { users: Presence[] }).users)
      case 'server:draining': this.#reason = 'draining'; return
      case 'session:ended': this.#reason = 'session_ended'; return
      case 'session:ready': {
        const settle = this.#settle
        this.#settle = undefined
        this.#events.onReady(payload as Ready)
        settle?.resolve(payload as Ready)
      }
    }
  }

  #over (code: number): void {
    this.#isOver = true
    const error = new ParleyError('client.unreachable')
    this.#settle?.reject(error)
    for (const reject of this.#waiting) reject(error)
    this.#waiting.clear()
    this.#close()
    this.#events.onClose(this.#reason ?? String(code))
  }
}
