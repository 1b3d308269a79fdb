import { Type, type Static } from 'typebox'
import { Id, Nullable, Timestamp } from './primitives.ts'

/** A device that is signed in. Its id is public: it is not the value of the cookie. */
export const Session = Type.Object({
  id: Id,
  createdAt: Timestamp,
  lastSeenAt: Timestamp,
  expiresAt: Timestamp,
  ip: Nullable(Type.String()),
  userAgent: Nullable(Type.String()),
  /** Whether it is the session of this very request or connection. */
  current: Type.Boolean()
})
export type Session = Static<typeof Session>

export const endReasons = ['logout', 'revoked', 'expired', 'password_changed'] as const
export type EndReason = typeof endReasons[number]
