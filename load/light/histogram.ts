/** Buckets per power of two: a value is known to within 1/64 of itself. */
const subBuckets = 64
const subBits = 6

/**
 * Counts of values in buckets that grow with them, so that a million costs no more than a few, and several can be added up.
 * After HdrHistogram (Gil Tene, http://hdrhistogram.org).
 */
export class Histogram {
  readonly #counts: number[]
  #total = 0
  #max = 0

  constructor (made: HistogramData = { counts: [], max: 0 }) {
    this.#counts = Array.from(made.counts, (count) => count ?? 0)
    this.#total = this.#counts.reduce((sum, count) => sum + count, 0)
    this.#max = made.max
  }

  get count (): number { return this.#total }
  get max (): number { return this.#max }

  /** A value that is no less than 0; fractions are dropped. */
  record (value: number): void {
    const index = indexOf(Math.max(0, Math.floor(value)))
    this.#counts[index] = (this.#counts[index] ?? 0) + 1
    this.#total++
    if (value > this.#max) this.#max = value
  }

  add (other: Histogram): void {
    other.#counts.forEach((count, index) => { this.#counts[index] = (this.#counts[index] ?? 0) + count })
    this.#total += other.#total
    this.#max = Math.max(this.#max, other.#max)
  }

  /** The value that this share (0 to 1) of all values does not exceed; 0 without values. */
  percentile (share: number): number {
    let left = Math.ceil(share * this.#total)
    if (left <= 0) return 0
    for (let index = 0; index < this.#counts.length; index++) {
      left -= this.#counts[index] ?? 0
      if (left <= 0) return Math.min(this.#max, highestOf(index))
    }
    return this.#max
  }

  /** For another process. */
  toJSON (): HistogramData {
    return { counts: this.#counts, max: this.#max }
  }
}

export interface HistogramData {
  counts: Array<number | null>
  max: number
}

function indexOf (value: number): number {
  if (value < subBuckets) return value
  const shift = Math.floor(Math.log2(value)) - subBits
  return (shift + 1) * subBuckets + Math.floor(value / 2 ** shift) - subBuckets
}

/** The largest value of a bucket. */
function highestOf (index: number): number {
  if (index < subBuckets) return index
  const shift = Math.floor(index / subBuckets) - 1
  return (index % subBuckets + subBuckets + 1) * 2 ** shift - 1
}
