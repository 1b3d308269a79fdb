import type { Account, User } from '../../contract/index.ts'
import type { Sql } from '../client.ts'
import { toTimestamp } from '../rows.ts'

interface AccountRow extends Omit<Account, 'createdAt'> {
  createdAtMs: number
}

export function accountColumns (sql: Sql) {
  return sql`
    users.id, users.username, users.display_name as "displayName", users.email,
    (extract(epoch from users.created_at) * 1000)::float8 as "createdAtMs"`
}

export function toAccount ({ id, username, displayName, email, createdAtMs }: AccountRow): Account {
  return { id, username, displayName, email, createdAt: toTimestamp(createdAtMs) }
}

export interface NewUser {
  id: string
  username: string
  displayName: string
  email: string | null
  passwordHash: string
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
  passwordHash: string
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

export async function findPasswordHash (sql: Sql, userId: string): Promise<string | undefined> {
  const [row] = await sql<Array<{ passwordHash: string }>>`
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
  password?: { from: string, to: string, keptSessionId: string } | undefined
}

export async function updateAccount (
  sql: Sql, userId: string, { displayName, email, password }: AccountChange
): Promise<Account | undefined> {
  const [row] = await sql<AccountRow[]>`
    update users set
      display_name = ${displayName ?? sql`display_name`},
      email = ${email === undefined ? sql`email` : email}
      ${password
        ? sql`, password_hash = ${password.to}, session_generation = session_generation + 1, kept_session_id = ${password.keptSessionId}`
        : sql``}
    where id = ${userId} ${password ? sql`and password_hash = ${password.from}` : sql``}
    returning ${accountColumns(sql)}`
  return row && toAccount(row)
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
