import type { Violation } from './check/index.ts'

/** Reads in the cluster's log who ended without our doing: a node that an outage brings down has not kept its promise. */
export class Deaths {
  readonly #expected = new Map<string, number>()
  /** Ended, and not back yet: a start that fails on the way is tried again. */
  readonly #down = new Set<string>()
  readonly violations: Violation[] = []
  /** From now on everything may end. */
  isOver = false

  /** This service will end once because of us. */
  expect (service: string): void {
    this.#expected.set(service, (this.#expected.get(service) ?? 0) + 1)
  }

  read (line: string): void {
    const [, back] = /^([\w-]+): is back/.exec(line) ?? []
    if (back !== undefined) this.#down.delete(back)
    const [, service, how] = /^([\w-]+): ended \((.*?)\)/.exec(line) ?? []
    if (service === undefined || this.isOver || this.#down.has(service)) return
    this.#down.add(service)
    const expected = this.#expected.get(service) ?? 0
    if (expected > 0) this.#expected.set(service, expected - 1)
    else this.violations.push({ kind: 'crashed', sentence: `${service} ended (${how}), and nobody had touched it.` })
  }
}
