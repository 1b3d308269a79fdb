import { ContractError } from '../contract/index.ts'

interface Batchable<Item, Result> {
  item: Item
  /** No two items with the same key go into one batch. */
  key: string
  resolve: (result: Result) => void
  reject: (error: unknown) => void
}

/** Something that stands in the line but is done on its own. */
interface Solo {
  run: () => Promise<void>
  reject: (error: unknown) => void
}

export interface LaneOptions<Item, Result> {
  maxBatch: number
  /** Beyond this many waiting, new ones are refused rather than kept. */
  maxQueue: number
  /** Settles every item of the batch; never throws. */
  flush: (batch: Array<Batchable<Item, Result>>) => Promise<void>
}

export type Batch<Item, Result> = Array<Batchable<Item, Result>>

/**
 * A line in which work is done in the order of its arrival, and what arrives while one batch is on its way makes the
 * next one: a group commit.
 */
export class Lane<Item, Result> {
  readonly #options: LaneOptions<Item, Result>
  readonly #queue: Array<Batchable<Item, Result> | Solo> = []
  #isRunning = false

  constructor (options: LaneOptions<Item, Result>) {
    this.#options = options
  }

  /** Takes its place in the line at once, before the promise is looked at. */
  submit (item: Item, key: string): Promise<Result> {
    return new Promise((resolve, reject) => { this.#enqueue({ item, key, resolve, reject }) })
  }

  /** Does this alone, after what came before and before what comes after. */
  alone<T> (work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => { this.#enqueue({ run: () => Promise.resolve().then(work).then(resolve, reject), reject }) })
  }

  /** Turns away whatever waits: after a failure that they would all meet, nobody is to overtake whom it hit first. */
  refuseWaiting (error: unknown): void {
    for (const { reject } of this.#queue.splice(0)) reject(error)
  }

  #enqueue (work: Batchable<Item, Result> | Solo): void {
    if (this.#queue.length >= this.#options.maxQueue) {
      work.reject(new ContractError('server.unavailable', { retryAfterMs: 500 }))
      return
    }
    this.#queue.push(work)
    if (this.#isRunning) return
    this.#isRunning = true
    // What other sockets have sent in the same turn of the event loop goes along.
    setImmediate(() => { void this.#run() })
  }

  async #run (): Promise<void> {
    while (this.#queue.length > 0) {
      const batch = this.#takeBatch()
      if (batch.length > 0) await this.#options.flush(batch)
      else await (this.#queue.shift() as Solo).run()
    }
    this.#isRunning = false
  }

  /** From the head of the line up to the first solo, the first repeated key, or the size of a batch. */
  #takeBatch (): Batch<Item, Result> {
    const keys = new Set<string>()
    const batch: Batch<Item, Result> = []
    for (const work of this.#queue) {
      if ('run' in work || keys.has(work.key) || batch.length === this.#options.maxBatch) break
      keys.add(work.key)
      batch.push(work)
    }
    this.#queue.splice(0, batch.length)
    return batch
  }
}
