import type { Account, User } from '../../contract/index.ts'
import type { Sql } from '../client.ts'
import { toTimestamp } from '../rows.ts'
import { raised } from './session-generation.ts'

interface AccountRow extends Omit<Account, 'createdAt'> {
  createdAtMs: number
}

export function accountColumns (sql: Sql) {
  return sql`
    users.id, users.username, users.display_name as "displayName", users.email,
    users.email_verified_at is not null as "emailVerified",
    (extract(epoch from users.created_at) * 1000)::float8 as "createdAtMs"`
}

export function toAccount ({ id, username, displayName, email, emailVerified, createdAtMs }: AccountRow): Account {
  return { id, username, displayName, email, emailVerified, createdAt: toTimestamp(createdAtMs) }
}

export interface NewUser {
  id: string
  username: string
  displayName: string
  email: string | null
  /** Null for somebody who signs in by an identity provider only. */
  passwordHash: string | null
}

/** Fails on `users_username_unique` when somebody has the name. */
export async function insertUser (sql: Sql, user: NewUser): Promise<Account> {
  const [row] = await sql<AccountRow[]>`
    insert into users (id, username, display_name, email, password_hash)
    values (${user.id}, ${user.username}, ${user.displayName}, ${user.email}, ${user.passwordHash})
    returning ${accountColumns(sql)}`
  if (!row) throw new Error('An insert that did not fail returns its row.')
  return toAccount(row)
}

/** What a login is decided on. */
export interface Credentials {
  account: Account
  passwordHash: string | null
  generation: number
}

export async function findCredentials (sql: Sql, username: string): Promise<Credentials | undefined> {
  const [row] = await sql<Array<AccountRow & Omit<Credentials, 'account'>>>`
    select ${accountColumns(sql)}, password_hash as "passwordHash", session_generation as generation
    from users where username = ${username}`
  return row && { account: toAccount(row), passwordHash: row.passwordHash, generation: row.generation }
}

export async function findAccount (sql: Sql, userId: string): Promise<Account | undefined> {
  const [row] = await sql<AccountRow[]>`select ${accountColumns(sql)} from users where id = ${userId}`
  return row && toAccount(row)
}

/** Null for an account without a password, undefined where there is no account. */
export async function findPasswordHash (sql: Sql, userId: string): Promise<string | null | undefined> {
  const [row] = await sql<Array<{ passwordHash: string | null }>>`
    select password_hash as "passwordHash" from users where id = ${userId}`
  return row?.passwordHash
}

/** Puts another hash of the same password in place of this one. */
export async function renewPasswordHash (sql: Sql, userId: string, { from, to }: { from: string, to: string }): Promise<void> {
  await sql`update users set password_hash = ${to} where id = ${userId} and password_hash = ${from}`
}

export interface AccountChange {
  displayName?: string | undefined
  email?: string | null | undefined
  /** Ends every session but the kept one. Nothing is changed when `from` is not the hash any more. */
  password?: { from: string | null, to: string, keptSessionId: string } | undefined
}

export interface ChangedAccount {
  account: Account
  /** Whether the email is another one now: in other letters only it is still the same. */
  emailChanged: boolean
  /** The address that was given up, if its owner had proved it. */
  oldVerifiedEmail: string | null
}

/** Another email is yet to be verified, and links to the old one are dead; so are links for recovery after a new password. */
export async function updateAccount (
  sql: Sql, userId: string, { displayName, email, password }: AccountChange
): Promise<ChangedAccount | undefined> {
  const [row] = await sql<Array<AccountRow & Omit<ChangedAccount, 'account'>>>`
    with before as (
      select id, email, email_verified_at, lower(email) is distinct from lower(${email === undefined ? sql`email` : email}) as email_changed
      from users where id = ${userId} for no key update
    ), changed as (
      update users set
        display_name = ${displayName ?? sql`display_name`},
        email = ${email === undefined ? sql`users.email` : email},
        email_verified_at = case when not email_changed then users.email_verified_at end
        ${password
          ? sql`, password_hash = ${password.to}, ${raised(sql, 'password_changed', password.keptSessionId)}`
          : sql``}
      from before
      where users.id = before.id ${password ? sql`and password_hash is not distinct from ${password.from}` : sql``}
      returning ${accountColumns(sql)}, email_changed as "emailChanged",
        case when email_changed and before.email_verified_at is not null then before.email end as "oldVerifiedEmail"
    ), dead_links as (
      delete from mailed_links using changed
      where user_id = changed.id
        and (purpose = 'recovery' and ${password !== undefined} or "emailChanged" and mailed_links.email is not null)
    )
    select * from changed`
  return row && { account: toAccount(row), emailChanged: row.emailChanged, oldVerifiedEmail: row.oldVerifiedEmail }
}

/** People whose username or display name begins so, by username; after this one. */
export async function listUsers (
  sql: Sql, { query, after, limit }: { query: string, after: string | undefined, limit: number }
): Promise<User[]> {
  const pattern = `${query.replace(/[\\%_]/g, '\\$&')}%`
  return await sql<User[]>`
    select id, username, display_name as "displayName" from users
    where (username like lower(${pattern}) or lower(display_name) like lower(${pattern}))
      ${after === undefined ? sql`` : sql`and username > ${after}`}
    order by username limit ${limit}`
}

export async function findUser (sql: Sql, userId: string): Promise<User | undefined> {
  const [row] = await sql<User[]>`
    select id, username, display_name as "displayName" from users where id = ${userId}`
  return row
}
