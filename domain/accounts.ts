import { randomUUID } from 'node:crypto'
import { ContractError, type Account, type User } from '../contract/index.ts'
import type { Sql } from '../db/client.ts'
import { isUniqueViolation } from '../db/failures.ts'
import { findAccountsBySessions } from '../db/queries/revocations.ts'
import {
  findAccount, findCredentials, findUser, insertUser, listUsers, renewPasswordHash, updateAccount,
  type ChangedAccount
} from '../db/queries/users.ts'
import type { Actor } from './actor.ts'
import { decodeCursor, toPage } from './cursor.ts'
import { createGather } from './gather.ts'
import type { Letters } from './letters.ts'
import type { Passwords } from './passwords.ts'
import { createProve, wrongPassword, type Proof } from './proof.ts'
import type { LiveSession } from './session.ts'
import type { Sessions } from './sessions.ts'

export interface AccountsDeps {
  sql: Sql
  passwords: Passwords
  sessions: Sessions
  letters: Letters
  /** Counts a letter that somebody causes to an address of their choice. @throws `rate.limited` */
  countEmailChange: (userId: string) => Promise<void>
}

/** Somebody who has proved who they are. */
export interface Verified {
  account: Account
  /** What a session that begins now belongs to. */
  generation: number
}

interface Registration {
  username: string
  password: string
  displayName?: string
  email?: string
}

interface AccountChanges {
  displayName?: string
  email?: string | null
  password?: string
  currentPassword?: string
}

const isUsername = (value: unknown): value is string => typeof value === 'string'

/** Accounts, and people as others find them. */
export function createAccounts ({ sql, passwords, sessions, letters, countEmailChange }: AccountsDeps) {
  const prove = createProve({ sql, passwords })
  /** Every request and every connect asks this: those of a crowd are one question. */
  const findBySession = createGather({ ask: (asked: LiveSession[]) => findAccountsBySessions(sql, asked) })

  /** Tells whom it concerns that an email is another one now. */
  function announce ({ account, emailChanged, oldVerifiedEmail }: ChangedAccount): Account {
    if (emailChanged) letters.sendVerification(account)
    if (oldVerifiedEmail !== null) letters.sendEmailChanged(oldVerifiedEmail, account)
    return account
  }

  async function isOtherEmail (actor: Actor, email: string | null): Promise<boolean> {
    const account = await findAccount(sql, actor.userId)
    return account?.email?.toLowerCase() !== email?.toLowerCase()
  }

  return {
    /** @param from where it is asked from: see Passwords; so in the others. */
    async register ({ username, password, displayName = username, email }: Registration, from: string): Promise<Account> {
      const passwordHash = await passwords.hash(password, from)
      try {
        const account = await insertUser(sql, { id: randomUUID(), username, displayName, email: email ?? null, passwordHash })
        letters.sendVerification(account)
        return account
      } catch (error) {
        if (isUniqueViolation(error, 'users_username_unique')) throw new ContractError('user.username_taken')
        throw error
      }
    },

    /** Who this is; null when there is no such name or the password is another, in the same time. */
    async verifyCredentials (username: string, password: string, from: string): Promise<Verified | null> {
      const found = await findCredentials(sql, username.toLowerCase())
      const { matches, renewed } = await passwords.verify(password, found?.passwordHash ?? null, from)
      if (!found || !matches) return null
      const { account, passwordHash, generation } = found
      // A made-up password cannot match; an account without one has none.
      if (passwordHash === null) return null
      if (renewed) await renewPasswordHash(sql, account.id, { from: passwordHash, to: renewed })
      return { account, generation }
    },

    /** Whose session this is. Null when it was ended or the account is gone, whatever Redis still holds. */
    async findBySession (session: LiveSession): Promise<Account | null> {
      return await findBySession(session) ?? null
    },

    async get (actor: Actor): Promise<Account> {
      const account = await findAccount(sql, actor.userId)
      if (!account) throw new ContractError('session.required')
      return account
    },

    /** What changes how one gets into the account needs this. @throws `request.forbidden`, `session.invalid_credentials` */
    prove,

    /** A new password needs the current one and ends all other sessions. A new email needs proof, and is yet to be verified. */
    async change (actor: Actor, { password, currentPassword, ...changes }: AccountChanges, at: Pick<Proof, 'signedInAt' | 'from'>): Promise<Account> {
      const needsPassword = password !== undefined
      const hasOtherEmail = changes.email !== undefined && await isOtherEmail(actor, changes.email)
      const proved = needsPassword || hasOtherEmail ? await prove(actor, { currentPassword, ...at }, { needsPassword }) : null
      if (hasOtherEmail && changes.email !== null) await countEmailChange(actor.userId)
      if (password === undefined) {
        const changed = await updateAccount(sql, actor.userId, changes)
        if (!changed) throw new ContractError('session.required')
        return announce(changed)
      }
      const hashes = { from: proved, to: await passwords.hash(password, at.from), keptSessionId: actor.sessionId }
      return await sessions.endOthers(actor, 'password_changed', async () => {
        const changed = await updateAccount(sql, actor.userId, { ...changes, password: hashes })
        // Somebody else has changed it while we were hashing.
        if (!changed) throw wrongPassword()
        return announce(changed)
      })
    },

    /** People whose username or display name begins so, by username. */
    async findUsers ({ query = '', cursor, limit }: { query?: string, cursor?: string, limit: number }) {
      const after = decodeCursor(cursor, isUsername)
      const users = await listUsers(sql, { query, after, limit: limit + 1 })
      const { items, nextCursor } = toPage(users, limit, ({ username }) => username)
      return { users: items, nextCursor }
    },

    async getUser (userId: string): Promise<User> {
      const user = await findUser(sql, userId)
      if (!user) throw new ContractError('user.not_found')
      return user
    }
  }
}

export type Accounts = ReturnType<typeof createAccounts>
