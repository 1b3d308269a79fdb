import { ContractError, invalidField } from '../contract/index.ts'
import type { Sql } from '../db/client.ts'
import { findPasswordHash } from '../db/queries/users.ts'
import type { Actor } from './actor.ts'
import type { Passwords } from './passwords.ts'

/** How long after signing in that alone is proof enough. */
const freshMs = 10 * 60_000

/** That whoever acts is the owner of the account, and not somebody who has come by a session. */
export interface Proof {
  currentPassword?: string | undefined
  /** In milliseconds since 1970. */
  signedInAt: number
  /** Where it is asked from: see Passwords. */
  from: string
}

/** What changes how one gets into an account needs more than a session: the password, or to have signed in just now. */
export function createProve ({ sql, passwords }: { sql: Sql, passwords: Passwords }) {
  /**
   * @param needsPassword for what not even a fresh session may do, where there is a password.
   * @returns the hash that was proved; null where there is no password.
   */
  return async function prove (actor: Actor, { currentPassword, signedInAt, from }: Proof, { needsPassword = false } = {}): Promise<string | null> {
    const hash = await findPasswordHash(sql, actor.userId)
    if (hash === undefined) throw new ContractError('session.required')
    if (hash !== null && currentPassword !== undefined) {
      const { matches } = await passwords.verify(currentPassword, hash, from)
      if (!matches) throw wrongPassword()
      return hash
    }
    if (hash !== null && needsPassword) throw invalidField('/currentPassword', 'is needed to set a new password')
    if (Date.now() - signedInAt <= freshMs) return hash
    throw new ContractError('request.forbidden', {
      message: hash === null ? 'Sign in again to do this.' : 'Sign in again to do this, or send your currentPassword.'
    })
  }
}

export function wrongPassword (): ContractError {
  return new ContractError('session.invalid_credentials', { message: 'The current password is wrong.' })
}
