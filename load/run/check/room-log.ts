import type { Faults } from './faults.ts'

/**
 * What one listener has of one room, by seq, over all their connections. On each connection the first live event follows
 * where the room was introduced, and every other the one before it; what came meanwhile is synced.
 */
export class RoomLog {
  readonly #faults: Faults
  /** From the first introduction up to here, all is there. */
  #top: number | undefined
  /** What is there beyond a hole. */
  readonly #beyond = new Set<number>()
  /** Of this connection: what must come next. */
  #next = 1
  /** Passed over by a later one, and not seen since. */
  readonly #passedOver = new Set<number>()

  constructor (faults: Faults) {
    this.#faults = faults
  }

  get top (): number { return this.#top ?? 0 }

  /** A connection begins with the room at this seq. @returns whether something is to be asked for */
  introduce (lastSeq: number): boolean {
    this.#next = lastSeq + 1
    this.#top ??= lastSeq
    return lastSeq > this.#top
  }

  /** Came live. @returns whether it is new */
  live (seq: number): boolean {
    if (seq === this.#next) {
      this.#next++
      return this.#hold(seq)
    }
    if (seq > this.#next) {
      for (let missed = this.#next; missed < seq; missed++) if (!this.#has(missed)) this.#passedOver.add(missed)
      this.#next = seq + 1
      return this.#hold(seq)
    }
    if (this.#has(seq)) this.#faults.doubled++
    else if (!this.#passedOver.has(seq)) this.#faults.outOfOrder++
    return this.#hold(seq)
  }

  /** One page of a sync. @returns those that are new */
  synced (after: number, seqs: readonly number[]): number[] {
    seqs.forEach((seq, index) => { if (seq !== after + index + 1) this.#faults.outOfOrder++ })
    return seqs.filter((seq) => this.#hold(seq))
  }

  /** Counts as lost what is not there up to this seq. */
  close (lastSeq: number): void {
    for (let seq = this.top + 1; seq <= lastSeq; seq++) if (!this.#has(seq)) this.#faults.lost++
  }

  #has (seq: number): boolean {
    return seq <= this.top || this.#beyond.has(seq)
  }

  #hold (seq: number): boolean {
    if (this.#passedOver.delete(seq)) this.#faults.outOfOrder++
    if (this.#has(seq)) return false
    if (seq !== this.top + 1) {
      this.#beyond.add(seq)
      return true
    }
    let top = seq
    while (this.#beyond.delete(top + 1)) top++
    this.#top = top
    return true
  }
}
