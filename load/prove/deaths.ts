import type { Violation } from './check/index.ts'

/** Reads in the cluster's log who ended without our doing: a node that an outage brings down has not kept its promise. */
export class Deaths {
  readonly #expected = new Map<string, number>()
  /** Killed, Postgres cannot start until its old backends have let go: a start that fails on the way back is no death. */
  #isPostgresDown = false
  readonly violations: Violation[] = []
  /** From now on everything may end. */
  isOver = false

  /** This service will end once because of us. */
  expect (service: string): void {
    this.#expected.set(service, (this.#expected.get(service) ?? 0) + 1)
  }

  read (line: string): void {
    if (line.startsWith('postgres: is back')) this.#isPostgresDown = false
    const [, service, how] = /^([\w-]+): ended \((.*?)\)/.exec(line) ?? []
    if (service === undefined || this.isOver) return
    if (service === 'postgres') {
      if (this.#isPostgresDown) return
      this.#isPostgresDown = true
    }
    const expected = this.#expected.get(service) ?? 0
    if (expected > 0) this.#expected.set(service, expected - 1)
    else this.violations.push({ kind: 'crashed', sentence: `${service} ended (${how}), and nobody had touched it.` })
  }
}
