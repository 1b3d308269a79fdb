import type { RoomEvent } from '../../contract/index.ts'
import type { CommandRecord } from './history.ts'
import { percentile } from './percentile.ts'

/** What happened within one second of the run. */
export interface Moment {
  /** Seconds since the beginning. */
  second: number
  asked: number
  acked: number
  delivered: number
  /** From asking to the client's first sight of it, in milliseconds. */
  p50: number | null
  p99: number | null
  max: number | null
  /** Connections that began. */
  connects: number
}

interface Latencies {
  p50: number | null
  p99: number | null
  max: number | null
}

/** Counts as the run goes, by the second. */
export class Measures {
  readonly #startedAt: number
  readonly #askedAt = new Map<string, number>()
  readonly #latencies = new Map<number, number[]>()
  readonly #asked = new Map<number, number>()
  readonly #connects = new Map<number, number>()
  #lastConnects = 0
  delivered = 0

  constructor (startedAt: number) {
    this.#startedAt = startedAt
  }

  asked ({ id }: CommandRecord): void {
    const now = Date.now()
    this.#askedAt.set(id, now)
    count(this.#asked, this.#secondOf(now))
  }

  /** What somebody reads of the time before they came was not late. */
  saw ({ id }: RoomEvent, at: number, isHistory: boolean): void {
    this.delivered++
    const askedAt = this.#askedAt.get(id)
    if (askedAt === undefined || isHistory) return
    const second = this.#secondOf(at)
    const latencies = this.#latencies.get(second)
    if (latencies) latencies.push(at - askedAt)
    else this.#latencies.set(second, [at - askedAt])
  }

  /** Told now and then how many connections there have been. */
  connected (total: number): void {
    count(this.#connects, this.#secondOf(Date.now()), total - this.#lastConnects)
    this.#lastConnects = total
  }

  summarize (): Latencies {
    return summary([...this.#latencies.values()].flat())
  }

  toTimeline (commands: CommandRecord[]): Moment[] {
    const acked = new Map<number, number>()
    for (const { attempts } of commands) {
      const ack = attempts.find(({ outcome }) => outcome?.ok)?.outcome
      if (ack) count(acked, this.#secondOf(ack.at))
    }
    const last = Math.max(0, ...this.#latencies.keys(), ...this.#asked.keys())
    return Array.from({ length: last + 1 }, (_, second) => {
      const latencies = this.#latencies.get(second) ?? []
      return {
        second,
        asked: this.#asked.get(second) ?? 0,
        acked: acked.get(second) ?? 0,
        delivered: latencies.length,
        ...summary(latencies),
        connects: this.#connects.get(second) ?? 0
      }
    })
  }

  #secondOf (at: number): number {
    return Math.max(0, Math.floor((at - this.#startedAt) / 1000))
  }
}

function summary (latencies: number[]): Latencies {
  return { p50: percentile(latencies, 0.5) ?? null, p99: percentile(latencies, 0.99) ?? null, max: percentile(latencies, 1) ?? null }
}

function count (counts: Map<number, number>, key: number, by = 1): void {
  counts.set(key, (counts.get(key) ?? 0) + by)
}
