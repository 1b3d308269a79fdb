import type { Ban } from '../../contract/index.ts'
import type { Sql } from '../client.ts'
import { toTimestamp } from '../rows.ts'
import type { Appended } from './append-event.ts'
import { appendLeave, type GuardedEvent } from './append-to-room.ts'

export interface NewBan {
  roomId: string
  userId: string
  bannedBy: string
  reason: string | null
}

/** A ban that stands keeps who and when, and takes a new reason. */
function insertBan (sql: Sql, { userId, bannedBy, reason }: NewBan, condition = sql``) {
  return sql`
    insert into bans (room_id, user_id, banned_by, banned_at, reason)
    select room.id, ${userId}, ${bannedBy}, room.at, ${reason} from room ${condition}
    on conflict (room_id, user_id) do update set reason = coalesce(excluded.reason, bans.reason)`
}

/** Bans a member: the ban, and their leaving, of which the log tells. */
export async function appendBan (
  sql: Sql, event: GuardedEvent, ban: NewBan, mutedUntil: string | null
): Promise<Appended | undefined> {
  const inserted = insertBan(sql, ban, sql`where exists (select from event)`)
  return await appendLeave(sql, event, { userId: ban.userId, mutedUntil, ban: sql`, banned as (${inserted})` })
}

/**
 * Bans somebody who is not in the room. Joins that were decided before it will see the raised version.
 *
 * @returns false when the room is gone or its members have changed: look again.
 */
export async function banOutsider (sql: Sql, ban: NewBan, membersVersion: number): Promise<boolean> {
  const rows = await sql`
    with room as materialized (
      select id, date_trunc('milliseconds', clock_timestamp()) as at from rooms
      where id = ${ban.roomId} and members_version = ${membersVersion} and archived_at is null
      for no key update
    ), banned as (
      ${insertBan(sql, ban)}
    ), raised as (
      update rooms set entry_version = entry_version + 1 from room where rooms.id = room.id
    )
    select from room`
  return rows.length > 0
}

export async function deleteBan (sql: Sql, roomId: string, userId: string): Promise<void> {
  await sql`delete from bans where room_id = ${roomId} and user_id = ${userId}`
}

interface BanRow {
  userId: string
  bannedBy: string
  bannedAtMs: number
  reason: string | null
  username: string
  displayName: string
}

/** Bans by user id; of one user, or after one. */
export async function listBans (
  sql: Sql, roomId: string, { userId, after, limit }: { userId?: string, after?: string | undefined, limit: number }
): Promise<Ban[]> {
  const rows = await sql<BanRow[]>`
    select bans.user_id as "userId", bans.banned_by as "bannedBy", bans.reason,
      (extract(epoch from bans.banned_at) * 1000)::float8 as "bannedAtMs",
      users.username, users.display_name as "displayName"
    from bans join users on users.id = bans.user_id
    where bans.room_id = ${roomId}
      ${userId ? sql`and bans.user_id = ${userId}` : sql``} ${after ? sql`and bans.user_id > ${after}` : sql``}
    order by bans.user_id limit ${limit}`
  return rows.map(({ userId, bannedBy, bannedAtMs, reason, username, displayName }) => ({
    userId, user: { id: userId, username, displayName }, bannedBy, bannedAt: toTimestamp(bannedAtMs), reason
  }))
}
