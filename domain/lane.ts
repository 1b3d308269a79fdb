export interface Entry<Item, Result> {
  item: Item
  /** No two items of a room with the same key go into one batch. */
  key: string
  resolve: (result: Result) => void
  reject: (error: unknown) => void
}

/** Something that stands in the line but is done on its own. */
export interface Solo {
  run: () => Promise<void>
  reject: (error: unknown) => void
}

export type Batch<Item, Result> = Array<Entry<Item, Result>>

/** What waits for one room, in the order of its arrival. */
export class Lane<Item, Result> {
  readonly roomId: string
  #waiting: Array<Entry<Item, Result> | Solo> = []
  /** Whether something of this room is on its way: what waits then waits for that. */
  isBusy = false

  constructor (roomId: string) {
    this.roomId = roomId
  }

  get length (): number {
    return this.#waiting.length
  }

  get isSoloNext (): boolean {
    const next = this.#waiting[0]
    return next !== undefined && 'run' in next
  }

  push (work: Entry<Item, Result> | Solo): void {
    this.#waiting.push(work)
  }

  takeSolo (): Solo {
    return this.#waiting.shift() as Solo
  }

  /** From the head of the line up to the first solo, the first repeated key, or so many. Says how many it were. */
  moveInto (batch: Batch<Item, Result>, most: number): number {
    const keys = new Set<string>()
    for (const work of this.#waiting) {
      if ('run' in work || keys.has(work.key) || keys.size === most) break
      keys.add(work.key)
      batch.push(work)
    }
    this.#waiting.splice(0, keys.size)
    return keys.size
  }

  refuseAll (error: unknown): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error)
  }
}
