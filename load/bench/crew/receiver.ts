import type { Histogram } from '../../light/histogram.ts'
import { nowUs } from './clock.ts'
import type { Brought } from './dialects.ts'
import { readText } from './text.ts'

/** What an event says, read once for all who got the same. */
interface Digest {
  sentAtUs: number[]
  senders: string[]
  firstSeq: number | undefined
  lastSeq: number | undefined
  isAscending: boolean
}

let lastBrought: Brought | undefined
let lastDigest: Digest | undefined

function digest (brought: Brought): Digest {
  if (brought === lastBrought && lastDigest) return lastDigest
  const { texts, seqs } = brought
  const read = texts.map(readText)
  lastBrought = brought
  lastDigest = {
    sentAtUs: read.map(({ sentAtUs }) => sentAtUs),
    senders: read.map(({ sender }) => sender),
    firstSeq: seqs?.[0],
    lastSeq: seqs?.at(-1),
    isAscending: seqs?.every((seq, index) => seq === (seqs[0] ?? 0) + index) ?? true
  }
  return lastDigest
}

/** What all connections of this process received. */
export interface Tally {
  us: Histogram
}

/** Counts what one connection receives, and looks whether it came in order. */
export class Receiver {
  readonly roomId: string
  received = 0
  disordered = 0
  isLost = false
  /** Told how many of its own messages have come back. */
  onReturned: ((count: number) => void) | undefined
  readonly #name: string
  readonly #tally: Tally
  #lastSeq: number | undefined

  constructor (name: string, roomId: string, tally: Tally) {
    this.#name = name
    this.roomId = roomId
    this.#tally = tally
  }

  get name (): string {
    return this.#name
  }

  take (brought: Brought): void {
    const { sentAtUs, senders, firstSeq, lastSeq, isAscending } = digest(brought)
    const at = nowUs()
    for (const sent of sentAtUs) this.#tally.us.record(at - sent)
    this.received += sentAtUs.length
    if (firstSeq !== undefined) {
      if (!isAscending || (this.#lastSeq !== undefined && firstSeq !== this.#lastSeq + 1)) this.disordered++
      this.#lastSeq = lastSeq
    }
    if (!this.onReturned) return
    const own = senders.filter((sender) => sender === this.#name).length
    if (own > 0) this.onReturned(own)
  }

  reset (): void {
    this.received = 0
    this.disordered = 0
  }
}
