import { inspect } from 'node:util'

export interface Received {
  event: string
  payload: unknown
  /** Whether somebody has waited for it and got it. */
  taken: boolean
}

/** What a socket was told, in order, and those who wait for more. */
export class Recorder {
  readonly received: Received[] = []
  readonly #waiting = new Set<() => void>()

  add (event: string, payload: unknown): void {
    this.received.push({ event, payload, taken: false })
    for (const look of [...this.#waiting]) look()
  }

  /** Takes the first that matches, of those received already or arriving within the time. */
  async nextOf (events: string[], matches: (payload: unknown) => boolean, withinMs: number): Promise<Received> {
    return await this.waitFor(() => {
      const found = this.received.find(({ event, payload, taken }) => !taken && events.includes(event) && matches(payload))
      if (found) found.taken = true
      return found
    }, events.join(' or '), withinMs)
  }

  /** Looks now and with every arrival, until there is something to see; fails saying what did arrive. */
  async waitFor<T>(look: () => T | undefined, what: string, withinMs: number): Promise<T> {
    return await new Promise<T>((resolve, reject) => {
      const stop = () => {
        clearTimeout(timer)
        this.#waiting.delete(attempt)
      }
      const attempt = () => {
        const seen = look()
        if (seen === undefined) return
        stop()
        resolve(seen)
      }
      const timer = setTimeout(() => {
        stop()
        reject(new Error(`Waited ${withinMs} ms for ${what}. ${this.#describe()}`))
      }, withinMs)
      this.#waiting.add(attempt)
      attempt()
    })
  }

  #describe (): string {
    if (this.received.length === 0) return 'Nothing arrived.'
    const lines = this.received.slice(-20).map(({ event, payload, taken }) =>
      `  ${event}${taken ? ' (taken)' : ''} ${inspect(payload, { depth: 6, breakLength: Infinity }).slice(0, 500)}`)
    return `What arrived, the last ${lines.length} of ${this.received.length}:\n${lines.join('\n')}`
  }
}
