import type { RoomEvent } from '../../contract/index.ts'
import type { Sql } from '../client.ts'
import { toRoomEvent, type EventRow } from '../rows.ts'
import { isMember } from './members.ts'

/** A text is read through the message it belongs to: what an edit replaced or a deletion took is nowhere. */
function eventColumns (sql: Sql) {
  return sql`
    e.room_id as "roomId", e.seq, e.id, e.type, e.actor_id as "actorId",
    (extract(epoch from e.at) * 1000)::float8 as "atMs",
    case e.type
      when 'message.sent' then case when e.edit_seq is null then e.text end
      when 'message.edited' then case when target.edit_seq = e.seq then target.text end
    end as text,
    e.reply_to as "replyTo", e.target_seq as "targetSeq",
    case e.type
      when 'message.sent' then case when e.edit_seq is null then e.data else e.data - 'mentions' end
      when 'message.edited' then case when target.edit_seq = e.seq and target.data ? 'mentions'
        then jsonb_build_object('mentions', target.data -> 'mentions') end
      else e.data
    end as data`
}

function editedMessage (sql: Sql) {
  return sql`left join room_events target
    on e.type = 'message.edited' and target.room_id = e.room_id and target.seq = e.target_seq`
}

/** A room's events after a seq, ascending; with a viewer, only if they are in the room. */
export async function readEvents (
  sql: Sql, roomId: string, after: number, limit: number, viewerId?: string
): Promise<RoomEvent[]> {
  const rows = await sql<EventRow[]>`
    select ${eventColumns(sql)} from room_events e ${editedMessage(sql)}
    where e.room_id = ${roomId} and e.seq > ${after} ${viewerId ? isMember(sql, roomId, viewerId) : sql``}
    order by e.seq limit ${limit}`
  return rows.map(toRoomEvent)
}

/** The first events after a seq, of each of several rooms at once; rooms in no order, events ascending. */
export async function readEventsOfRooms (
  sql: Sql, cursors: Array<{ roomId: string, after: number }>, limitPerRoom: number
): Promise<RoomEvent[]> {
  const rows = await sql<EventRow[]>`
    select page.* from unnest(
      ${cursors.map(({ roomId }) => roomId)}::uuid[], ${cursors.map(({ after }) => after)}::bigint[]
    ) as cursor (room_id, after)
    cross join lateral (
      select ${eventColumns(sql)} from room_events e ${editedMessage(sql)}
      where e.room_id = cursor.room_id and e.seq > cursor.after
      order by e.seq limit ${limitPerRoom}
    ) page`
  return rows.map(toRoomEvent)
}

/** Where a room's log ends. */
export interface Head {
  roomId: string
  lastSeq: number
  messageCount: number
  memberCount: number
  epoch: string
}

/** The heads of these rooms; one that is gone is left out. */
export async function readHeads (sql: Sql, roomIds: string[]): Promise<Head[]> {
  return await sql<Head[]>`
    select id as "roomId", last_seq as "lastSeq", message_count as "messageCount", member_count as "memberCount", epoch
    from rooms where id = any(${roomIds}::uuid[])`
}

/** What is known of a room. */
export interface KnownHead {
  roomId: string
  lastSeq: number
  epoch: string
}

/** Those of these rooms whose heads are not as they are known, as they are now; null where the room is gone. */
export async function listMovedHeads (sql: Sql, known: KnownHead[]): Promise<Array<{ roomId: string, head: Omit<KnownHead, 'roomId'> | null }>> {
  const rows = await sql<Array<{ roomId: string, lastSeq: number | null, epoch: string | null }>>`
    select known.room_id as "roomId", rooms.last_seq as "lastSeq", rooms.epoch
    from unnest(
      ${known.map(({ roomId }) => roomId)}::uuid[],
      ${known.map(({ lastSeq }) => lastSeq)}::bigint[],
      ${known.map(({ epoch }) => epoch)}::uuid[]
    ) as known (room_id, last_seq, epoch)
    left join rooms on rooms.id = known.room_id
    where rooms.id is null or rooms.last_seq <> known.last_seq or rooms.epoch <> known.epoch`
  return rows.map(({ roomId, lastSeq, epoch }) => ({ roomId, head: lastSeq === null || epoch === null ? null : { lastSeq, epoch } }))
}

/** Gives a log that lost its end a new name, once: the first who sees it wins. */
export async function renewEpoch (sql: Sql, roomId: string, epoch: string, seenSeq: number): Promise<void> {
  await sql`
    update rooms set epoch = gen_random_uuid()
    where id = ${roomId} and epoch = ${epoch} and last_seq < ${seenSeq}`
}
