import type { Sql } from '../client.ts'

/** Unread mentions of one person in one room that are counted. */
const mostCounted = 100

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

/**
 * To be joined with `members` and `rooms`: the last messages that mention each of them and that they have not read. As many
 * as one counts at most, so that a storm of them makes nobody's connect dear; where everything is read, nobody looks.
 */
export function calledIn (sql: Sql) {
  return sql`
    left join lateral (
      select array_agg(seq) as seqs from (
        select seq from mentions
        where user_id = members.user_id and room_id = members.room_id and seq > members.read_seq
          and rooms.message_count > members.read_messages
        order by seq desc limit ${mostCounted}
      ) last
    ) called on true`
}
