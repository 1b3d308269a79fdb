import type { Visit } from '../clients/light-socket.ts'
import type { Connection } from '../history.ts'

/** Why a connection ended, as far as it decides when others hear of it. */
export type StayEnd = 'dropped' | 'left' | 'signedOut' | 'silent'

/** A connection as the one who made it knows it, from `session:ready` on. */
export interface Stay {
  userId: string
  node: string
  from: number
  /** Undefined while it lives. */
  until?: number
  how?: StayEnd
  /** What it said of itself; `online` before. */
  statuses: Array<{ at: number, status: 'online' | 'away' }>
}

const ends: Record<string, StayEnd> = {
  left: 'left',
  'io server disconnect': 'signedOut',
  'ping timeout': 'silent'
}

export function toStayEnd (closedBecause: string | undefined): StayEnd {
  return ends[closedBecause ?? ''] ?? 'dropped'
}

export function staysOfVisits (userId: string, visits: Visit[]): Stay[] {
  return visits.flatMap(({ node, readyAt, closedAt, closedBecause, statuses }) => node === undefined || readyAt === undefined
    ? []
    : [{ userId, node, from: readyAt, statuses, ...(closedAt !== undefined && { until: closedAt, how: toStayEnd(closedBecause) }) }])
}

/** Of one device: a connection that it gave up by itself ended when the next began. */
export function staysOfConnections (userId: string, connections: Connection[]): Stay[] {
  return connections.flatMap(({ closedAt, closedBecause, frames }, index): Stay[] => {
    const ready = frames.find(({ kind }) => kind === 'ready')
    if (ready?.kind !== 'ready') return []
    const until = closedAt ?? connections[index + 1]?.openedAt
    return [{ userId, node: ready.node, from: ready.at, statuses: [], ...(until !== undefined && { until, how: toStayEnd(closedBecause) }) }]
  })
}

/** How somebody with these connections is now. */
export function statusOf (stays: Stay[]): 'online' | 'away' | 'offline' {
  const open = stays.filter(({ until }) => until === undefined)
  if (open.length === 0) return 'offline'
  return open.every(({ statuses }) => statuses.at(-1)?.status === 'away') ? 'away' : 'online'
}
