import { Type, type Static } from 'typebox'
import { Id, Nullable, Timestamp } from './primitives.ts'

export const PresenceStatus = Type.Enum(['online', 'away', 'offline', 'unknown'])
export type PresenceStatus = Static<typeof PresenceStatus>

/** `unknown` is said when it cannot be asked, and never in place of an answer. */
export const Presence = Type.Object({ userId: Id, status: PresenceStatus, lastSeenAt: Nullable(Timestamp) })
export type Presence = Static<typeof Presence>

/** A node of the cluster that is alive, and how many sockets it holds. */
export const NodeSummary = Type.Object({ name: Type.String(), connections: Type.Integer({ minimum: 0 }) })
export type NodeSummary = Static<typeof NodeSummary>

export const PresenceCounts = Type.Object({
  online: Type.Integer(),
  away: Type.Integer(),
  offline: Type.Integer(),
  unknown: Type.Integer()
})
export type PresenceCounts = Static<typeof PresenceCounts>
