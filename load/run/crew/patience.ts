import { setTimeout as sleep } from 'node:timers/promises'
import { ParleyError, toParleyError } from '../../../sdk/errors.ts'
import { Refusal } from '../../light/socket.ts'
import { now } from '../clock.ts'
import type { Tally } from './tally.ts'

/** A window of the server's limits is a minute. */
const giveUpMs = 130_000
const pauseMs = 250

/** Comes back when the server says so: for everything that may pass. What is limited for one here is limited for all. */
export class Patience {
  readonly #tally: Tally
  readonly #signal: AbortSignal
  /** By what is asked for: nobody asks before that. */
  readonly #notBefore = new Map<string, number>()
  readonly #lastSuccess = new Map<string, number>()

  constructor (tally: Tally, signal: AbortSignal) {
    this.#tally = tally
    this.#signal = signal
  }

  /** @throws ParleyError what does not pass, has not passed for anybody in two minutes, or is not wanted any more. */
  async persist<T> (what: string, work: () => Promise<T>, isWanted: () => boolean = () => true): Promise<T> {
    const begun = now()
    for (;;) {
      await this.#turn(what)
      try {
        const result = await work()
        this.#lastSuccess.set(what, now())
        return result
      } catch (thrown) {
        const error = asParleyError(thrown)
        if (!error.retryable || !isWanted() || now() - Math.max(begun, this.#lastSuccess.get(what) ?? 0) > giveUpMs) throw error
        await this.#wait(what, error)
      }
    }
  }

  async #turn (what: string): Promise<void> {
    this.#signal.throwIfAborted()
    for (;;) {
      const ms = (this.#notBefore.get(what) ?? 0) - now()
      if (ms <= 0) return
      await sleep(ms + Math.random() * pauseMs, undefined, { signal: this.#signal })
    }
  }

  async #wait (what: string, { code, retryAfterMs = 0 }: ParleyError): Promise<void> {
    if (code !== 'rate.limited') {
      this.#tally.retry(code)
      return await sleep(retryAfterMs + pauseMs * (0.5 + Math.random()), undefined, { signal: this.#signal })
    }
    this.#tally.limit(what)
    this.#notBefore.set(what, Math.max(this.#notBefore.get(what) ?? 0, now() + Math.max(retryAfterMs, pauseMs)))
  }
}

/** Whatever went wrong on the way to an answer, as an error with a code. */
export function asParleyError (thrown: unknown): ParleyError {
  if (thrown instanceof ParleyError) return thrown
  if (thrown instanceof Refusal) return toParleyError(thrown.data)
  return new ParleyError('client.unreachable', { cause: thrown })
}
