import type { Sql } from '../client.ts'

export interface MemberName {
  roomId: string
  username: string
}

/** Those of these names that members of these rooms have. */
export async function findMembersByName (sql: Sql, asked: MemberName[]): Promise<Array<MemberName & { userId: string }>> {
  return await sql<Array<MemberName & { userId: string }>>`
    select m.room_id as "roomId", users.username, users.id as "userId"
    from unnest(
      ${asked.map(({ roomId }) => roomId)}::uuid[], ${asked.map(({ username }) => username)}::text[]
    ) as asked (room_id, username)
    join users on users.username = asked.username
    join members m on m.room_id = asked.room_id and m.user_id = users.id`
}

/** To be joined with `members`: the messages that mention each of these users and that they have not marked as read. */
export function calledIn (sql: Sql, userIds: string[]) {
  return sql`
    left join (
      select user_id, room_id, array_agg(seq) as seqs from mentions
      where user_id = any(${userIds}::uuid[]) group by user_id, room_id
    ) called on called.user_id = members.user_id and called.room_id = members.room_id`
}
