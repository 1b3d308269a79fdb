/** Chance that can be had again: the same seed gives the same numbers, on every machine. */
export class Random {
  #state: number

  constructor (seed: number | string) {
    this.#state = hash(String(seed))
  }

  /** From 0 up to, but not including, 1 (mulberry32). */
  next (): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  /** A whole number, both ends included. */
  between (least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1))
  }

  chance (probability: number): boolean {
    return this.next() < probability
  }

  pick<T> (items: readonly T[]): T {
    if (items.length === 0) throw new RangeError('There is nothing to pick from.')
    return items[Math.floor(this.next() * items.length)] as T
  }

  /** The same items in another order. */
  shuffle<T> (items: readonly T[]): T[] {
    const shuffled = [...items]
    for (let last = shuffled.length - 1; last > 0; last--) {
      const other = this.between(0, last)
      const item = shuffled[last] as T
      shuffled[last] = shuffled[other] as T
      shuffled[other] = item
    }
    return shuffled
  }
}

/** FNV-1a. */
function hash (text: string): number {
  let value = 0x811c9dc5
  for (const character of text) value = Math.imul(value ^ (character.codePointAt(0) as number), 0x01000193)
  return value | 0
}
