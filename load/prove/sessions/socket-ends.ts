import { countFrom, faultDuring, type Conditions } from '../conditions.ts'
import type { Visit } from '../clients/light-socket.ts'
import { endOf, type Ending, type SessionRecord } from './history.ts'

/** Within which a lost notice is made good, once the node can ask Redis. */
export const recheckedWithinMs = 10_000

/** How one socket of an ended session came to its end. */
export interface SocketEnd {
  session: SessionRecord
  ending: Ending
  visit: Visit
  /** The fault that stood meanwhile; undefined when all was well. */
  fault: string | undefined
  /**
   * From the answer, or from when the socket was let in, to its close; under a fault from when the node could know. Null
   * when it was still open at the end.
   */
  ms: number | null
}

/** Every socket that an ended session had, or was about to have. */
export function findSocketEnds (sessions: SessionRecord[], conditions: Conditions, endedAt: number): SocketEnd[] {
  return sessions.flatMap((session) => {
    const ending = endOf(session)
    if (ending?.answeredAt === undefined) return []
    const { askedAt, answeredAt } = ending
    return session.visits.flatMap((visit): SocketEnd[] => {
      const { connectedAt, closedAt, startedAt, closedBecause, node } = visit
      const isOfIt = connectedAt !== undefined && startedAt <= answeredAt && (closedAt ?? Infinity) >= askedAt && closedBecause !== 'left'
      if (!isOfIt) return []
      const from = Math.max(answeredAt, connectedAt)
      const fault = ending.cause === 'emptied' ? 'empty-redis' : faultDuring(conditions, { from: askedAt, until: closedAt ?? endedAt })
      const start = fault === undefined ? from : countFrom(conditions, node, from, recheckedWithinMs)
      return [{ session, ending, visit, fault, ms: closedAt === undefined ? null : Math.max(0, closedAt - start) }]
    })
  })
}
