import { Type, type Static } from 'typebox'
import { Id, Nullable, Timestamp } from './primitives.ts'

/** Who I am at an identity provider: another way to sign in to my account. */
export const Identity = Type.Object({
  id: Id,
  /** The provider, as it names itself: `https://id.example.com`. */
  issuer: Type.String(),
  /** How the provider calls me, to be shown: an address or a name. */
  label: Nullable(Type.String()),
  createdAt: Timestamp
})
export type Identity = Static<typeof Identity>

/** Where to go after signing in: a path of this server, with its query and fragment, percent-encoded. Never another server. */
export const ReturnTo = Type.String({ maxLength: 1024, pattern: '^/(?![/\\\\])[!-\\[\\]-~]*$' })
