import type { Faults } from './faults.ts'

/** One record for all listeners of this process, so that any two who were told differently are found. */
export class RoomRecord {
  readonly #faults: Faults
  readonly #ids = new Map<number, string>()
  readonly #seqs = new Map<string, number>()
  readonly #acked: Array<{ seq: number, id: string }> = []

  constructor (faults: Faults) {
    this.#faults = faults
  }

  see (seq: number, id: string): void {
    const known = this.#ids.get(seq)
    if (known === id) return
    if (known !== undefined) this.#faults.mismatched++
    if (this.#seqs.has(id)) this.#faults.doubled++
    this.#ids.set(seq, id)
    this.#seqs.set(id, seq)
  }

  acked (seq: number, id: string): void {
    this.#acked.push({ seq, id })
  }

  /** The last seq that was acked here, 0 without one. */
  get top (): number {
    return this.#acked.reduce((top, { seq }) => Math.max(top, seq), 0)
  }

  /** Counts what was acked with one seq and stands elsewhere. What is not there at all, its listeners have lost. */
  close (): void {
    for (const { seq, id } of this.#acked) {
      const stands = this.#ids.get(seq)
      if (stands !== undefined && stands !== id) this.#faults.mismatched++
    }
  }

  /** One number for all that was told, in whatever order, to be compared with another process's. */
  digest (): RoomDigest {
    let sum = 0
    for (const [seq, id] of this.#ids) sum = (sum + hash(`${seq} ${id}`)) >>> 0
    return { count: this.#ids.size, sum }
  }
}

export interface RoomDigest {
  count: number
  sum: number
}

/** FNV-1a. */
function hash (text: string): number {
  let value = 0x811c9dc5
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193)
  return value >>> 0
}
