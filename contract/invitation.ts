import { Type, type Static } from 'typebox'
import { Id, Nullable, Timestamp } from './primitives.ts'

/** A link into a room. Whoever has it and is signed in may come in, until it expires, is used up, or is revoked. */
export const Invitation = Type.Object({
  id: Id,
  roomId: Id,
  createdBy: Id,
  createdAt: Timestamp,
  expiresAt: Timestamp,
  /** How many it lets in altogether; null: whoever has it. */
  maxUses: Nullable(Type.Integer({ minimum: 1 })),
  /** How many have come. */
  uses: Type.Integer({ minimum: 0 })
})
export type Invitation = Static<typeof Invitation>
