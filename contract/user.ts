import { Type, type Static } from 'typebox'
import { Id, Nullable, Timestamp, Words } from './primitives.ts'

/** 3–32 of `[a-z0-9_.-]`; upper case is accepted and lowered. */
export const Username = Type.String({ minLength: 3, maxLength: 32, pattern: '^[a-z0-9_.-]+$', normalize: 'lowerCase' })

/** 8–128 characters, taken as they are. */
export const Password = Type.String({ minLength: 8, maxLength: 128, wellFormed: true })

export const DisplayName = Words(1, 64)

export const Email = Type.String({ format: 'email', maxLength: 254, normalize: 'trim', wellFormed: true })

/** A person as others see them. */
export const User = Type.Object({ id: Id, username: Type.String(), displayName: Type.String() })
export type User = Static<typeof User>

/** A person as they see themselves. */
export const Account = Type.Object({
  id: Id,
  username: Type.String(),
  displayName: Type.String(),
  email: Nullable(Type.String()),
  /** Whether a link sent to this address was followed, or the identity provider vouched for it. */
  emailVerified: Type.Boolean(),
  createdAt: Timestamp
})
export type Account = Static<typeof Account>
