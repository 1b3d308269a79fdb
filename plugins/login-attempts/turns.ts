import { ContractError } from '../../contract/index.ts'

export interface TurnsOptions {
  /** How many of the same key may be under way. */
  atOnce: number
  /** How many more of it may wait. */
  waiting: number
}

const retryAfterMs = 1000

/** Lets at most so many of the same key be under way at once; a few others wait, in order. */
export class Turns {
  readonly #options: TurnsOptions
  readonly #lines = new Map<string, { underWay: number, waiting: Array<() => void> }>()

  constructor (options: TurnsOptions) {
    this.#options = options
  }

  /**
   * Settles with the work's outcome, once it was its turn.
   *
   * @throws `rate.limited` at once when too many wait already.
   */
  async take<T> (key: string, work: () => Promise<T>): Promise<T> {
    await this.#enter(key)
    try {
      return await work()
    } finally {
      this.#leave(key)
    }
  }

  async #enter (key: string): Promise<void> {
    const { atOnce, waiting } = this.#options
    const line = this.#lines.get(key) ?? { underWay: 0, waiting: [] }
    this.#lines.set(key, line)
    if (line.underWay < atOnce) {
      line.underWay++
      return
    }
    if (line.waiting.length >= waiting) throw new ContractError('rate.limited', { retryAfterMs })
    await new Promise<void>((resolve) => { line.waiting.push(resolve) })
  }

  /** The turn goes to the next in line, so that nobody slips in between. */
  #leave (key: string): void {
    const line = this.#lines.get(key)
    if (!line) return
    const next = line.waiting.shift()
    if (next) return next()
    line.underWay--
    if (line.underWay === 0) this.#lines.delete(key)
  }
}
