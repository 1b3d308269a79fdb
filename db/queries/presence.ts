import type { Sql } from '../client.ts'
import { toTimestamp } from '../rows.ts'

/** A pair that is in a room together, by its index, and the first of their rooms. */
export interface SharedRoom {
  index: number
  roomId: string
}

/** Which of these pairs are in a room together. */
export async function findSharedRooms (sql: Sql, viewerIds: string[], userIds: string[]): Promise<SharedRoom[]> {
  return await sql<SharedRoom[]>`
    select (pair.number - 1)::int as index, shared.room_id as "roomId"
    from unnest(${viewerIds}::uuid[], ${userIds}::uuid[]) with ordinality as pair(viewer_id, user_id, number)
    cross join lateral (
      select mine.room_id from members mine
      join members theirs on theirs.room_id = mine.room_id and theirs.user_id = pair.user_id
      where mine.user_id = pair.viewer_id order by mine.room_id limit 1
    ) shared`
}

/** When these were seen last; nothing of those who never were. */
export async function readLastSeen (sql: Sql, userIds: string[]): Promise<Map<string, string>> {
  const rows = await sql<Array<{ id: string, atMs: number }>>`
    select id, (extract(epoch from last_seen_at) * 1000)::float8 as "atMs"
    from users where id = any(${userIds}::uuid[]) and last_seen_at is not null`
  return new Map(rows.map(({ id, atMs }) => [id, toTimestamp(atMs)]))
}

/** Locks the rows in the order of their ids, as whoever else locks several does; a time never goes back. */
export async function saveLastSeen (sql: Sql, userIds: string[], atMs: number[]): Promise<void> {
  await sql`
    with seen as (
      select user_id, to_timestamp(max(at_ms) / 1000) as at
      from unnest(${userIds}::uuid[], ${atMs}::float8[]) as given(user_id, at_ms) group by user_id
    ), locked as (
      select users.id, seen.at from users join seen on seen.user_id = users.id order by users.id for no key update of users
    )
    update users set last_seen_at = greatest(users.last_seen_at, locked.at) from locked where users.id = locked.id`
}

/** Everybody in a room, the first to have joined first. */
export async function listMemberIds (sql: Sql, roomId: string): Promise<string[]> {
  const rows = await sql<Array<{ userId: string }>>`
    select user_id as "userId" from members where room_id = ${roomId} order by joined_at, user_id`
  return rows.map(({ userId }) => userId)
}
