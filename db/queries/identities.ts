import type { Account, Identity } from '../../contract/index.ts'
import type { Sql } from '../client.ts'
import { toTimestamp } from '../rows.ts'
import type { SessionKey } from './revocations.ts'
import { raised } from './session-generation.ts'
import { accountColumns, toAccount } from './users.ts'

/** Who somebody is at a provider. The two together are theirs alone, for ever. */
export interface Subject {
  issuer: string
  subject: string
}

export interface NewIdentity extends Subject {
  id: string
  label: string | null
}

/** Somebody who comes for the first time. */
export interface Newcomer {
  id: string
  username: string
  displayName: string
  /** One that the provider has verified. */
  email: string | null
}

interface OwnerRow extends Omit<Account, 'createdAt'> {
  createdAtMs: number
  generation: number
}

function toOwner ({ generation, ...row }: OwnerRow) {
  return { account: toAccount(row), generation }
}

/** Whose identity this is. */
export async function findOwner (sql: Sql, { issuer, subject }: Subject) {
  const [row] = await sql<OwnerRow[]>`
    select ${accountColumns(sql)}, session_generation as generation
    from users join identities on identities.user_id = users.id
    where issuer = ${issuer} and subject = ${subject}`
  return row && toOwner(row)
}

/**
 * Makes an account without a password, and its identity, or neither.
 *
 * @throws a unique violation on `users_username_unique` or `identities_subject`.
 */
export async function insertNewcomer (sql: Sql, { id, username, displayName, email }: Newcomer, identity: NewIdentity) {
  const [row] = await sql<OwnerRow[]>`
    with made as (
      insert into users (id, username, display_name, email, email_verified_at)
      values (${id}, ${username}, ${displayName}, ${email}, ${email === null ? null : sql`now()`})
      returning *
    ), identity as (
      insert into identities (id, user_id, issuer, subject, label)
      select ${identity.id}, id, ${identity.issuer}, ${identity.subject}, ${identity.label} from made
    )
    select ${accountColumns(sql)}, session_generation as generation from made users`
  if (!row) throw new Error('An insert that did not fail returns its row.')
  return toOwner(row)
}

/**
 * Adds an identity to the account of a session, as long as that session lives: the account is locked and looked at again,
 * so that nothing is linked after a new password or a logout has ended it.
 *
 * @returns false when the session is dead, or somebody has the identity already.
 */
export async function insertIdentity (sql: Sql, session: SessionKey, { id, issuer, subject, label }: NewIdentity): Promise<boolean> {
  const rows = await sql`
    with owner as materialized (
      select id from users
      where id = ${session.userId} and (session_generation = ${session.generation} or kept_session_id = ${session.id})
        and not exists (select from revocations where session_id = ${session.id})
      for share
    )
    insert into identities (id, user_id, issuer, subject, label)
    select ${id}, owner.id, ${issuer}, ${subject}, ${label} from owner
    on conflict (issuer, subject) do nothing
    returning id`
  return rows.length > 0
}

interface IdentityRow extends Omit<Identity, 'createdAt'> {
  createdAtMs: number
}

/** The oldest first. */
export async function listIdentities (sql: Sql, userId: string): Promise<Identity[]> {
  const rows = await sql<IdentityRow[]>`
    select id, issuer, label, (extract(epoch from created_at) * 1000)::float8 as "createdAtMs"
    from identities where user_id = ${userId}
    order by created_at, id`
  return rows.map(({ createdAtMs, ...row }) => ({ ...row, createdAt: toTimestamp(createdAtMs) }))
}

/**
 * Removes an identity, unless it is the last way in, and ends every other session of its account: one of them may have begun by it.
 *
 * All identities of the account are locked first, in id order. Of two removals at once, the second waits, and then finds
 * that the row which the first has removed is gone; a count under the account's lock alone would be one of the snapshot from
 * before the wait.
 */
export async function deleteIdentity (sql: Sql, { userId, sessionId }: { userId: string, sessionId: string }, identityId: string): Promise<boolean> {
  const rows = await sql`
    with mine as materialized (
      select id from identities where user_id = ${userId} order by id for update
    ), gone as (
      delete from identities where id = ${identityId} and user_id = ${userId} and id in (select id from mine) and (
        (select count(*) from mine) > 1
        or exists (select from users where id = ${userId} and password_hash is not null)
      )
      returning user_id
    )
    update users set ${raised(sql, 'revoked', sessionId)} from gone where users.id = gone.user_id
    returning users.id`
  return rows.length > 0
}
