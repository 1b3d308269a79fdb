import { randomUUID } from 'node:crypto'
import { ContractError, type Identity } from '../contract/index.ts'
import type { Sql } from '../db/client.ts'
import { isUniqueViolation } from '../db/failures.ts'
import { deleteIdentity, findOwner, insertIdentity, insertNewcomer, listIdentities, type NewIdentity, type Subject } from '../db/queries/identities.ts'
import { findPasswordHash } from '../db/queries/users.ts'
import type { Verified } from './accounts.ts'
import type { Actor } from './actor.ts'
import { toLabel, toNewcomer, type Claims } from './newcomer.ts'
import { untilSettled } from './retry.ts'
import type { LiveSession } from './session.ts'
import type { Sessions } from './sessions.ts'

/** Somebody whom an identity provider vouches for. */
export interface ProvenIdentity extends Subject {
  claims: Claims
}

/** Other ways to sign in than a password: who somebody is at an identity provider. */
export function createIdentities ({ sql, sessions }: { sql: Sql, sessions: Sessions }) {
  return {
    /**
     * Whose account this is; made when there is none yet. An identity is never taken for an account because of its email
     * or its name, which anybody can have somewhere: linking is for whoever is signed in to both.
     */
    async enter ({ claims, ...subject }: ProvenIdentity): Promise<Verified> {
      let isNameTaken = false
      return await untilSettled(async () => {
        const owner = await findOwner(sql, subject)
        if (owner) return owner
        try {
          return await insertNewcomer(sql, toNewcomer(claims, { isNameTaken }), toIdentity(subject, claims))
        } catch (error) {
          if (isUniqueViolation(error, 'users_username_unique')) isNameTaken = true
          throw error
        }
      })
    },

    /** Lets somebody sign in to their account with this identity as well; once more changes nothing. */
    async link (session: LiveSession, { claims, ...subject }: ProvenIdentity): Promise<void> {
      if (await insertIdentity(sql, session, toIdentity(subject, claims))) return
      const owner = await findOwner(sql, subject)
      if (!owner) throw new ContractError('session.required')
      if (owner.account.id !== session.userId) throw new ContractError('identity.taken')
    },

    async list ({ userId }: Actor): Promise<{ identities: Identity[], hasPassword: boolean }> {
      const [identities, passwordHash] = await Promise.all([listIdentities(sql, userId), findPasswordHash(sql, userId)])
      return { identities, hasPassword: typeof passwordHash === 'string' }
    },

    /** Whoever had signed in by it is signed out, with all my other devices. */
    async remove (actor: Actor, identityId: string): Promise<void> {
      await sessions.endOthers(actor, 'revoked', async () => {
        if (await deleteIdentity(sql, actor, identityId)) return
        const isMine = (await listIdentities(sql, actor.userId)).some(({ id }) => id === identityId)
        throw new ContractError(isMine ? 'identity.required' : 'identity.not_found')
      })
    }
  }
}

function toIdentity (subject: Subject, claims: Claims): NewIdentity {
  return { ...subject, id: randomUUID(), label: toLabel(claims) }
}
