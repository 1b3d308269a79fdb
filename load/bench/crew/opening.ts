import { setTimeout as sleep } from 'node:timers/promises'
import { Histogram } from '../../light/histogram.ts'
import { nowUs } from './clock.ts'
import { connect, retryAfterMs, type Connection } from './connection.ts'
import { dialectOf } from './dialects.ts'
import type { Tally } from './receiver.ts'
import type { OpenTask, Opened, Seat } from './tasks.ts'

/** Whoever is refused for longer is kept out. */
const giveUpMs = 60_000

/** Connects all of them, as quickly as is asked for; whoever is told to come again does. */
export async function openAll ({ candidate, seats, atOnce = seats.length, perSecond }: OpenTask, name: string, first: number, tally: Tally): Promise<{ opened: Opened, connections: Connection[] }> {
  const dialect = dialectOf(candidate)
  const us = new Histogram()
  const connections: Connection[] = []
  const failures: Record<string, number> = {}
  let refusals = 0
  const startedAt = performance.now()

  async function openOne (seat: Seat, index: number): Promise<void> {
    const begunUs = nowUs()
    for (;;) {
      try {
        connections[index] = await connect(`${name}.${first + index}`, seat, dialect, tally)
        us.record(nowUs() - begunUs)
        return
      } catch (error) {
        const afterMs = retryAfterMs(error)
        if (afterMs === undefined || nowUs() - begunUs > giveUpMs * 1000) {
          const reason = error instanceof Error ? error.message : String(error)
          failures[reason] = (failures[reason] ?? 0) + 1
          return
        }
        refusals++
        await sleep(afterMs)
      }
    }
  }

  const waiting = seats.entries()
  async function work (): Promise<void> {
    for (const [index, seat] of waiting) {
      if (perSecond !== undefined) await sleep(Math.max(0, index * 1000 / perSecond - (performance.now() - startedAt)))
      await openOne(seat, index)
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, seats.length) }, work))
  const connected = connections.filter((connection) => connection !== undefined)
  return {
    opened: { connected: connected.length, refusals, failures, elapsedMs: performance.now() - startedAt, us: us.toJSON() },
    connections: connected
  }
}
