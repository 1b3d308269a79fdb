import type { Account } from '../../contract/index.ts'
import type { Sql } from '../client.ts'
import { membershipColumns, toMembership, type MembershipRow, type Memberships } from './members.ts'
import { calledIn } from './mentions.ts'
import { isLive, withUsers, type SessionKey } from './revocations.ts'
import { toAccount } from './users.ts'

/** Whose session it is, and all their rooms. */
export interface Arrival extends Memberships {
  account: Account
}

interface ArrivalRow {
  place: number
  username: string
  displayName: string
  email: string | null
  emailVerified: boolean
  userCreatedAtMs: number
  version: number
}

/**
 * Whose sessions these are, and in which rooms those people are, in their order: undefined where the session was ended,
 * or the account is gone, whatever Redis still holds. All of it is of one snapshot, because it is one statement.
 */
export async function findArrivals (sql: Sql, sessions: SessionKey[]): Promise<Array<Arrival | undefined>> {
  const rows = await sql<Array<ArrivalRow & (MembershipRow | { id: null })>>`
    select session.place, users.username, users.display_name as "displayName", users.email,
      users.email_verified_at is not null as "emailVerified",
      (extract(epoch from users.created_at) * 1000)::float8 as "userCreatedAtMs", users.memberships_version as version,
      users.id as "userId", ${membershipColumns(sql)}
    from ${withUsers(sql, sessions)}
    left join members on members.user_id = users.id
    left join rooms on rooms.id = members.room_id ${calledIn(sql)}
    where ${isLive(sql)}
    order by session.place, members.room_id`
  const found: Array<Arrival | undefined> = sessions.map(() => undefined)
  for (const row of rows) {
    const index = row.place - 1
    const arrival = found[index] ??= { account: toAccountOf(row, sessions[index]?.userId ?? ''), version: row.version, memberships: [] }
    // In no room, or in one that is deleted and not yet tidied away.
    if (row.id !== null) arrival.memberships.push(toMembership(row))
  }
  return found
}

function toAccountOf ({ userCreatedAtMs: createdAtMs, username, displayName, email, emailVerified }: ArrivalRow, id: string): Account {
  return toAccount({ id, username, displayName, email, emailVerified, createdAtMs })
}
