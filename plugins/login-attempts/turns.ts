/** Lets at most so many of the same key be under way at once; the others wait, in order. */
export class Turns {
  readonly #atOnce: number
  readonly #lines = new Map<string, { underWay: number, waiting: Array<() => void> }>()

  constructor (atOnce: number) {
    this.#atOnce = atOnce
  }

  /** Settles with the work's outcome, once it was its turn. */
  async take<T> (key: string, work: () => Promise<T>): Promise<T> {
    await this.#enter(key)
    try {
      return await work()
    } finally {
      this.#leave(key)
    }
  }

  async #enter (key: string): Promise<void> {
    const line = this.#lines.get(key) ?? { underWay: 0, waiting: [] }
    this.#lines.set(key, line)
    if (line.underWay >= this.#atOnce) return await new Promise((resolve) => { line.waiting.push(resolve) })
    line.underWay++
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
