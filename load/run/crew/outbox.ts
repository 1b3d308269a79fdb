import type { Message } from '../../../contract/index.ts'
import { toParleyError } from '../../../sdk/errors.ts'
import { now } from '../clock.ts'
import type { Connection } from './connection.ts'
import type { Surroundings } from './person.ts'

interface Outgoing {
  id: string
  roomId: string
  text: string
  /** When it should have been sent: from here on it is late. */
  dueAt: number
}

const pauseMs = 250

/** What one person has said and has no ack for: sent again, with the same id, on every new connection. */
export class Outbox {
  readonly #surroundings: Pick<Surroundings, 'tally' | 'hearing'>
  readonly #unacked = new Map<string, Outgoing>()
  #connection: Connection | undefined

  constructor (surroundings: Pick<Surroundings, 'tally' | 'hearing'>) {
    this.#surroundings = surroundings
  }

  get size (): number { return this.#unacked.size }

  open (connection: Connection): void {
    this.#connection = connection
    for (const message of this.#unacked.values()) this.#send(message, connection)
  }

  add (message: Outgoing): void {
    const { tally } = this.#surroundings
    this.#unacked.set(message.id, message)
    tally.counts.sent++
    if (!this.#connection?.isReady) return
    tally.measure('lateness', now() - message.dueAt)
    this.#send(message, this.#connection)
  }

  #send (message: Outgoing, connection: Connection): void {
    const { id, roomId, text } = message
    connection.tell('message:send', { roomId, id, text }, (answer) => {
      if (!this.#unacked.has(id)) return
      if (answer.ok) this.#acked(message, answer.data as { message: Message })
      else this.#refused(message, answer)
    })
  }

  #acked ({ id, roomId, dueAt }: Outgoing, { message }: { message: Message }): void {
    const { tally, hearing } = this.#surroundings
    this.#unacked.delete(id)
    tally.counts.acked++
    tally.measure('ack', now() - dueAt)
    hearing.recordOf(roomId).acked(message.seq, id)
    if (message.id !== id) tally.faults.mismatched++
  }

  #refused (message: Outgoing, answer: unknown): void {
    const { tally } = this.#surroundings
    const { code, retryable, retryAfterMs = 0 } = toParleyError(answer)
    if (!retryable) {
      this.#unacked.delete(message.id)
      return tally.fail(code)
    }
    if (code === 'rate.limited') tally.limit('messages')
    else tally.retry(code)
    setTimeout(() => {
      // A new connection has sent it anew.
      if (this.#unacked.has(message.id) && this.#connection?.isReady) this.#send(message, this.#connection)
    }, retryAfterMs + pauseMs * (0.5 + Math.random()))
  }
}
