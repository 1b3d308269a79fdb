import type { Sql } from '../client.ts'
import { raised } from './session-generation.ts'

export type LinkPurpose = 'recovery' | 'verification'

export interface NewMailedLink {
  tokenHash: string
  userId: string
  purpose: LinkPurpose
  /** The address that it goes to; null when it goes to none. */
  email: string | null
  lifetimeMs: number
}

/**
 * Makes a link in place of the one before for the same purpose, and sweeps a few that have expired.
 *
 * @returns until when it can be used; undefined when the account is gone or has another email now.
 */
export async function putMailedLink (sql: Sql, { tokenHash, userId, purpose, email, lifetimeMs }: NewMailedLink): Promise<number | undefined> {
  const [row] = await sql<Array<{ expiresAtMs: number }>>`
    with swept as (
      delete from mailed_links where token_hash in (
        select token_hash from mailed_links where expires_at < now() and user_id <> ${userId} limit 100 for update skip locked
      )
    )
    insert into mailed_links (token_hash, user_id, purpose, email, expires_at)
    select ${tokenHash}, id, ${purpose}, ${email}, now() + ${lifetimeMs}::float8 * interval '1 millisecond'
    from users where id = ${userId} ${email === null ? sql`` : sql`and lower(email) = lower(${email})`}
    on conflict (user_id, purpose) do update
      set token_hash = excluded.token_hash, email = excluded.email, expires_at = excluded.expires_at
    returning (extract(epoch from expires_at) * 1000)::float8 as "expiresAtMs"`
  return row?.expiresAtMs
}

/** Whose link this is, as long as it can be used. */
export async function findLinkOwner (sql: Sql, tokenHash: string, purpose: LinkPurpose): Promise<string | undefined> {
  const [row] = await sql<Array<{ userId: string }>>`
    select user_id as "userId" from mailed_links
    where token_hash = ${tokenHash} and purpose = ${purpose} and expires_at > now()`
  return row?.userId
}

/**
 * The link, gone with the same statement that does what it allows: of two who use it at once, one finds it. The account
 * is locked first, as by whatever else deletes its links.
 */
function used (sql: Sql, tokenHash: string, purpose: LinkPurpose) {
  return sql`
    owner as (
      select users.id from users join mailed_links on user_id = users.id
      where token_hash = ${tokenHash} and purpose = ${purpose} and expires_at > now()
      for no key update of users
    ), used as (
      delete from mailed_links using owner where user_id = owner.id and token_hash = ${tokenHash}
      returning user_id, mailed_links.email
    )`
}

/**
 * Uses a link for recovery: sets the password, ends every session, deletes the account's other links and unlinks every
 * identity but the one that it was made with: somebody else may have linked theirs. Whether it was done.
 */
export async function recoverByLink (sql: Sql, tokenHash: string, passwordHash: string): Promise<boolean> {
  const rows = await sql`
    with ${used(sql, tokenHash, 'recovery')}, others as (
      delete from mailed_links using used where mailed_links.user_id = used.user_id and token_hash <> ${tokenHash}
    ), unlinked as (
      delete from identities using used, users
      where identities.user_id = used.user_id and users.id = used.user_id and identities.created_at <> users.created_at
        and (used.email is null or lower(users.email) = lower(used.email))
    )
    update users set
      password_hash = ${passwordHash}, ${raised(sql, 'password_changed', null)}
    from used
    where users.id = used.user_id
      and (used.email is null or (lower(users.email) = lower(used.email) and email_verified_at is not null))
    returning users.id`
  return rows.length > 0
}

/** Uses a link for verification, if the account still has the address that it was sent to. Whether it was done. */
export async function verifyByLink (sql: Sql, tokenHash: string): Promise<boolean> {
  const rows = await sql`
    with ${used(sql, tokenHash, 'verification')}
    update users set email_verified_at = coalesce(email_verified_at, now())
    from used where users.id = used.user_id and lower(users.email) = lower(used.email)
    returning users.id`
  return rows.length > 0
}

export interface MailedPerson {
  id: string
  username: string
  email: string
}

/** Who can be sent a link under this name or address: only those who have proved the address, a few of several. */
export async function listReachable (sql: Sql, { username, email }: { username?: string, email?: string }, limit: number): Promise<MailedPerson[]> {
  return await sql<MailedPerson[]>`
    select id, username, email from users
    where email_verified_at is not null
      and ${username === undefined ? sql`lower(email) = lower(${email ?? ''})` : sql`username = ${username}`}
    order by created_at, id limit ${limit}`
}
