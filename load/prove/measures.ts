import { findStay, type Stay } from './check/removals.ts'
import { groupBy } from './group.ts'
import type { CommandRecord, History } from './history.ts'
import { percentile } from './percentile.ts'
import type { Truth } from './truth.ts'

export interface Latencies {
  p50: number | null
  p99: number | null
  max: number | null
}

/** What happened within one second of the run. */
export interface Moment extends Latencies {
  /** Seconds since the beginning. */
  second: number
  asked: number
  acked: number
  delivered: number
  /** Connections that began. */
  connects: number
}

/** One client's first sight of one command's event. */
export interface Delivery {
  at: number
  /** From the first attempt on. */
  latencyMs: number
}

/** How many connections there had been, now and then. */
export type Connects = Array<{ at: number, total: number }>

/** Everything that somebody saw while they were in the room: what one reads of the time before was not late. */
export function findDeliveries ({ clients, commands }: History, truth: Truth): Delivery[] {
  const askedAt = new Map(commands.map(({ id, attempts }) => [id, attempts[0]?.at]))
  return clients.flatMap(({ userId, logs }) => [...logs].flatMap(([roomId, log]) => {
    const room = truth.get(roomId)
    if (!room) return []
    const stay = findStay(room, userId)
    return log.flatMap(({ at, event: { id, seq } }) => {
      const asked = askedAt.get(id)
      return asked === undefined || !isIn(stay, seq) ? [] : [{ at, latencyMs: at - asked }]
    })
  }))
}

function isIn ({ joins, leaves }: Stay, seq: number): boolean {
  const joined = joins.findLast((join) => join <= seq)
  return joined !== undefined && !leaves.some((leave) => joined < leave && leave <= seq)
}

export function summarize (latencies: number[]): Latencies {
  return { p50: percentile(latencies, 0.5) ?? null, p99: percentile(latencies, 0.99) ?? null, max: percentile(latencies, 1) ?? null }
}

interface TimelineParts {
  commands: CommandRecord[]
  deliveries: Delivery[]
  connects: Connects
  startedAt: number
}

/** The run by the second. */
export function toTimeline ({ commands, deliveries, connects, startedAt }: TimelineParts): Moment[] {
  const secondOf = (at: number): number => Math.max(0, Math.floor((at - startedAt) / 1000))
  const asked = groupBy(commands, ({ attempts: [first] }) => secondOf(first?.at ?? 0))
  const acks = commands.flatMap(({ attempts }) => attempts.find(({ outcome }) => outcome?.ok)?.outcome ?? [])
  const acked = groupBy(acks, ({ at }) => secondOf(at))
  const delivered = groupBy(deliveries, ({ at }) => secondOf(at))
  const connected = groupBy(connects.map(({ at, total }, index) => ({ at, more: total - (connects[index - 1]?.total ?? 0) })), ({ at }) => secondOf(at))
  const last = Math.max(0, ...delivered.keys(), ...asked.keys())
  return Array.from({ length: last + 1 }, (_, second) => ({
    second,
    asked: asked.get(second)?.length ?? 0,
    acked: acked.get(second)?.length ?? 0,
    delivered: delivered.get(second)?.length ?? 0,
    ...summarize(delivered.get(second)?.map(({ latencyMs }) => latencyMs) ?? []),
    connects: connected.get(second)?.reduce((sum, { more }) => sum + more, 0) ?? 0
  }))
}
