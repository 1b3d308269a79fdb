import type { Partition } from './partition.ts'
import type { Departure, Store } from './store.ts'

export interface SweeperOptions {
  store: Store
  saveLastSeen: (departures: Departure[]) => Promise<void>
  onFailure: (error: unknown) => void
}

/**
 * Ends what has run out, and brings to Postgres when people were last seen. Redis keeps those until they are saved, so
 * that neither a node that dies nor a Postgres that is away loses them.
 */
export class Sweeper {
  readonly #options: SweeperOptions
  readonly #sweeping = new Set<Partition>()
  readonly #unsaved = new Map<Partition, Departure[]>()
  #isSaving = false
  #hasFailed = false

  constructor (options: SweeperOptions) {
    this.#options = options
  }

  /** Not waited for by the heartbeat: a slow Postgres must not cost a lease. */
  async sweep (partitions: Partition[]): Promise<void> {
    try {
      await Promise.all(partitions.map((partition) => this.#sweepOne(partition)))
      await this.#save()
      this.#hasFailed = false
    } catch (error) {
      // Said once: the next round tries again, and the one after that.
      if (!this.#hasFailed) this.#options.onFailure(error)
      this.#hasFailed = true
    }
  }

  async #sweepOne (partition: Partition): Promise<void> {
    if (this.#sweeping.has(partition)) return
    this.#sweeping.add(partition)
    try {
      for (let hasMore = true; hasMore;) {
        const swept = await partition.ask(this.#options.store.sweep)
        if (swept && swept.departures.length > 0) this.#unsaved.set(partition, swept.departures)
        hasMore = swept?.hasMore ?? false
      }
    } finally {
      this.#sweeping.delete(partition)
    }
  }

  async #save (): Promise<void> {
    if (this.#isSaving || this.#unsaved.size === 0) return
    this.#isSaving = true
    const batch = [...this.#unsaved]
    this.#unsaved.clear()
    try {
      await this.#options.saveLastSeen(batch.flatMap(([, departures]) => departures))
      await Promise.all(batch.map(([partition, departures]) =>
        partition.ask((key) => this.#options.store.saved(key, departures))))
    } finally {
      this.#isSaving = false
    }
  }
}
