export interface BackoffOptions {
  /** Bound of the first wait, in milliseconds. */
  baseMs: number
  /** Bound of every wait, in milliseconds. */
  maxMs: number
}

/**
 * How long to wait before the next attempt: anything between nothing and a bound that doubles each time. Full jitter, so
 * that all the clients of a node that died do not come back at once.
 */
export class Backoff {
  readonly #options: BackoffOptions
  #attempt = 0

  constructor (options: BackoffOptions) {
    this.#options = options
  }

  /** The next wait in milliseconds; never shorter than what the server asked for. */
  nextMs (atLeastMs = 0): number {
    const { baseMs, maxMs } = this.#options
    const boundMs = Math.min(maxMs, baseMs * 2 ** Math.min(this.#attempt++, 30))
    return atLeastMs + Math.random() * boundMs
  }

  /** It worked: begin with the shortest again. */
  reset (): void {
    this.#attempt = 0
  }
}
