import { ContractError, invalidField, type Account } from '../contract/index.ts'
import type { Sql } from '../db/client.ts'
import { findLinkOwner, listReachable, recoverByLink, verifyByLink } from '../db/queries/mailed-links.ts'
import { findAccount } from '../db/queries/users.ts'
import type { Actor } from './actor.ts'
import type { Letters } from './letters.ts'
import { hashToken } from './mailed-links.ts'
import type { Passwords } from './passwords.ts'
import type { Sessions } from './sessions.ts'

export interface RecoveryDeps {
  sql: Sql
  passwords: Passwords
  sessions: Sessions
  letters: Letters
}

/** An address may belong to several accounts; somebody who has more has to name the one. */
const mostAccounts = 5

/** The way back in for whoever has forgotten the password, and the proof of the address that it needs. */
export function createRecovery ({ sql, passwords, sessions, letters }: RecoveryDeps) {
  function requireLetters (): void {
    if (!letters.canBeSent) throw new ContractError('feature.disabled', { message: 'This server sends no mail; its operator can make a link for you.' })
  }

  return {
    /** Sends me the link that proves my address, again. */
    async requestVerification (actor: Actor): Promise<void> {
      requireLetters()
      const account = await findAccount(sql, actor.userId)
      if (!account) throw new ContractError('session.required')
      if (account.email === null) throw new ContractError('request.forbidden', { message: 'There is no email to verify: set one first.' })
      letters.sendVerification(account)
    },

    async confirmEmail (token: string): Promise<void> {
      if (!await verifyByLink(sql, hashToken(token))) throw new ContractError('link.not_found')
    },

    /**
     * Sends a link to each account that is meant and has a verified address. Answers alike whether there is one:
     * what it takes to make and send links is done afterwards.
     */
    async request ({ username, email }: { username?: string, email?: string }): Promise<void> {
      if ((username === undefined) === (email === undefined)) throw invalidField('/username', 'or /email is needed, one of the two')
      requireLetters()
      const wanted = username === undefined ? { email: email ?? '' } : { username: username.toLowerCase() }
      for (const person of await listReachable(sql, wanted, mostAccounts)) letters.sendRecovery(person)
    },

    /**
     * Sets a new password by a link, and ends every session of the account. Signs nobody in.
     *
     * @returns the account; nothing when it is gone meanwhile.
     */
    async confirm (token: string, password: string, from: string): Promise<Account | undefined> {
      const tokenHash = hashToken(token)
      // Looked up first: whoever guesses tokens makes us hash nothing.
      const userId = await findLinkOwner(sql, tokenHash, 'recovery')
      if (userId === undefined) throw new ContractError('link.not_found')
      const passwordHash = await passwords.hash(password, from)
      await sessions.endAll(userId, 'password_changed', async () => {
        if (!await recoverByLink(sql, tokenHash, passwordHash)) throw new ContractError('link.not_found')
      })
      return await findAccount(sql, userId)
    }
  }
}

export type Recovery = ReturnType<typeof createRecovery>
