import type { LeaseKey, Sample, Store } from './store.ts'
import { beatMs, type Timings } from './timings.ts'

export interface LeaseOptions {
  partition: number
  /** `node/<name>/<boot id>`; a lease taken anew gets another, so that nothing of the old one is mistaken for it. */
  identity: string
  store: Store
  timings: Timings
}

/** What entitles this node to write in one partition. Redis says whether it still holds. */
export class Lease {
  readonly #options: LeaseOptions
  #holder = ''
  #lives = 0
  #isHeld = false
  #heardAt = performance.now()

  constructor (options: LeaseOptions) {
    this.#options = options
  }

  get isHeld (): boolean {
    return this.#isHeld
  }

  /** How often it was taken: what was known of others before may be wrong since. */
  get lives (): number {
    return this.#lives
  }

  /** Whether Redis has been silent for so long that nothing it said before can be relied on. */
  get isOutOfTouch (): boolean {
    return performance.now() - this.#heardAt > this.#options.timings.leaseMs
  }

  async take (): Promise<void> {
    const { identity, partition, store, timings: { leaseMs } } = this.#options
    const former = this.#holder
    // Even if the answer is lost, this name is used up: it may be there.
    this.#holder = this.#lives === 0 ? identity : `${identity}.${this.#lives}`
    this.#lives++
    await store.enter({ partition, holder: this.#holder }, { leaseMs, former })
    this.#isHeld = true
    this.#heardAt = performance.now()
  }

  /** Asks Redis under this lease; undefined when it says that the lease is gone. */
  async use<T> (step: (key: LeaseKey) => Promise<T | undefined>): Promise<T | undefined> {
    const key = { partition: this.#options.partition, holder: this.#holder }
    const answer = await step(key)
    if (answer === undefined && key.holder === this.#holder) this.#isHeld = false
    return answer
  }

  async renew (sample: Sample | undefined): Promise<{ isSweepDue: boolean } | undefined> {
    const { store, timings } = this.#options
    const askedAt = performance.now()
    const renewed = await this.use((key) => store.renew(key, {
      leaseMs: timings.leaseMs, roundMs: Math.floor(0.8 * beatMs(timings)), sample
    }))
    this.#heardAt = askedAt
    return renewed
  }
}
