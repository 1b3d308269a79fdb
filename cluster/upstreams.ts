import { setTimeout as sleep } from 'node:timers/promises'
import { httpStatus } from './http-status.ts'

export interface Upstream {
  name: string
  url: string
}

/** `refusing` answers, but asks for no new work: it drains, or cannot reach what it needs. */
type State = 'ready' | 'refusing' | 'gone'

const pollReadyEveryMs = 500
const pollOthersEveryMs = 200
const pollTimeoutMs = 1_500

/** The nodes as the balancer sees them: who is ready, and in which order a request tries them. */
export class Upstreams {
  readonly #states: Map<Upstream, State>
  #turn = 0
  readonly #closed = new AbortController()

  constructor (upstreams: Upstream[]) {
    this.#states = new Map(upstreams.map((upstream) => [upstream, 'gone']))
  }

  /** An engine.io id begins with its node's name, so polling needs neither a cookie nor a table. */
  candidates (requestUrl = ''): Upstream[] {
    const owner = /[?&]sid=([^.&]+)\./.exec(requestUrl)?.[1]
    const sticky = [...this.#states.keys()].filter((upstream) => upstream.name === owner)
    if (sticky.length === 0) this.#turn++
    // When no node is ready, one that refuses still says better than we could what is wrong.
    const others = [...this.#inState('ready'), ...this.#inState('refusing')]
    return [...new Set([...sticky, ...others])]
  }

  markGone (upstream: Upstream): void {
    this.#states.set(upstream, 'gone')
  }

  /** Resolves when every node has been asked once; then goes on asking until it is closed. */
  async watch (): Promise<void> {
    await Promise.all([...this.#states.keys()].map(async (upstream) => {
      await this.#poll(upstream)
      void this.#keepPolling(upstream)
    }))
  }

  close (): void {
    this.#closed.abort()
  }

  async #keepPolling (upstream: Upstream): Promise<void> {
    while (!this.#closed.signal.aborted) {
      const pauseMs = this.#states.get(upstream) === 'ready' ? pollReadyEveryMs : pollOthersEveryMs
      await sleep(pauseMs, undefined, { ref: false })
      await this.#poll(upstream)
    }
  }

  async #poll (upstream: Upstream): Promise<void> {
    try {
      const status = await httpStatus(`${upstream.url}/readyz`, pollTimeoutMs)
      this.#states.set(upstream, status === 200 ? 'ready' : 'refusing')
    } catch {
      this.#states.set(upstream, 'gone')
    }
  }

  #inState (state: State): Upstream[] {
    const found = [...this.#states].filter(([, itsState]) => itsState === state).map(([upstream]) => upstream)
    const first = this.#turn % Math.max(found.length, 1)
    return [...found.slice(first), ...found.slice(0, first)]
  }
}
