import type { Account } from '../../contract/index.ts'
import type { Sql } from '../client.ts'
import { accountColumns, toAccount } from './users.ts'

export interface UserSummary {
  account: Account
  hasPassword: boolean
  roomCount: number
  /** At which providers they sign in, and as whom. */
  identities: Array<{ issuer: string, label: string | null }>
}

/** What an administrator may know of somebody. */
export async function findUserSummary (sql: Sql, username: string): Promise<UserSummary | undefined> {
  const [row] = await sql<Array<Parameters<typeof toAccount>[0] & Omit<UserSummary, 'account'>>>`
    select ${accountColumns(sql)}, password_hash is not null as "hasPassword",
      (select count(*)::int from members where user_id = users.id) as "roomCount",
      (
        select coalesce(json_agg(json_build_object('issuer', issuer, 'label', label) order by identities.created_at), '[]')
        from identities where user_id = users.id
      ) as identities
    from users where username = ${username}`
  if (!row) return undefined
  const { hasPassword, roomCount, identities } = row
  return { account: toAccount(row), hasPassword, roomCount, identities }
}
