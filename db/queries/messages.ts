import type { Message, Role, RoomEventType, RoomKind } from '../../contract/index.ts'
import type { Sql } from '../client.ts'
import { toMessage, type MessageRow } from '../rows.ts'
import { isMember } from './members.ts'
import { mutedUntilMs } from './muted-until.ts'

export interface MessagePage {
  before?: number | undefined
  after?: number | undefined
  limit: number
}

/** A message as it stands now; reactions are counted as its viewer sees them. */
export function messageColumns (sql: Sql, viewerId: string) {
  return sql`
    e.room_id as "roomId", e.seq, e.id, e.actor_id as "authorId", e.text, e.reply_to as "replyTo", e.data,
    (extract(epoch from e.at) * 1000)::float8 as "atMs",
    (extract(epoch from e.edited_at) * 1000)::float8 as "editedAtMs",
    (extract(epoch from e.deleted_at) * 1000)::float8 as "deletedAtMs",
    case when e.deleted_at is null then (
      select jsonb_agg(jsonb_build_object('emoji', emoji, 'count', count, 'mine', mine) order by first_seq)
      from (
        select r.emoji, count(*)::int, bool_or(r.user_id = ${viewerId}) as mine, min(r.event_seq) as first_seq
        from reactions r where r.room_id = e.room_id and r.seq = e.seq group by r.emoji
      ) grouped
    ) end as reactions`
}

/** Messages as they stand now, ascending: the first ones after a seq, or the last ones (before a seq). */
export async function readMessages (
  sql: Sql, roomId: string, viewerId: string, { before, after, limit }: MessagePage
): Promise<Message[]> {
  const order = after === undefined ? sql`desc` : sql``
  const rows = await sql<MessageRow[]>`
    select ${messageColumns(sql, viewerId)} from room_events e
    where e.room_id = ${roomId} and e.type = 'message.sent' ${isMember(sql, roomId, viewerId)}
      ${before === undefined ? sql`` : sql`and e.seq < ${before}`}
      ${after === undefined ? sql`` : sql`and e.seq > ${after}`}
    order by e.seq ${order} limit ${limit}`
  const messages = rows.map(toMessage)
  return after === undefined ? messages.reverse() : messages
}

/** What a decision about a message is made on. */
export interface MessageStanding {
  kind: RoomKind
  isArchived: boolean
  /** Null when the actor is not in the room. */
  actorRole: Role | null
  /** Until when the actor may not speak. */
  mutedUntilMs: number | null
  /** Null when there is no such message. */
  authorId: string | null
  isDeleted: boolean
  /** The event that edited it last. */
  editSeq: number | null
  /** Null when nobody is mentioned. */
  mentions: string[] | null
  /** The event that bears the command's id already. */
  priorSeq: number | null
  priorActorId: string | null
  priorType: RoomEventType | null
  /** The event that added this reaction, where one stands. */
  reactionSeq: number | null
}

export async function readMessageStanding (
  sql: Sql,
  { roomId, seq, id, actorId, emoji = null }: { roomId: string, seq: number, id: string, actorId: string, emoji?: string | null }
): Promise<MessageStanding | undefined> {
  const [row] = await sql<MessageStanding[]>`
    select rooms.kind, rooms.archived_at is not null as "isArchived", m.role as "actorRole", ${mutedUntilMs(sql, sql`m.muted_until`)} as "mutedUntilMs",
      e.actor_id as "authorId", e.deleted_at is not null as "isDeleted",
      e.edit_seq as "editSeq", e.data -> 'mentions' as mentions,
      prior.seq as "priorSeq", prior.actor_id as "priorActorId", prior.type as "priorType",
      r.event_seq as "reactionSeq"
    from rooms
    left join members m on m.room_id = rooms.id and m.user_id = ${actorId}
    left join room_events e on e.room_id = rooms.id and e.seq = ${seq} and e.type = 'message.sent'
    left join room_events prior on prior.room_id = rooms.id and prior.id = ${id}
    left join reactions r on r.room_id = rooms.id and r.seq = ${seq} and r.emoji = ${emoji}::text and r.user_id = ${actorId}
    where rooms.id = ${roomId}`
  return row
}
