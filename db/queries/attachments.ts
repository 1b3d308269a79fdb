import type { Attachment } from '../../contract/index.ts'
import type { Sql } from '../client.ts'

/** An upload that no message shows by then is on its way out; a little later it is swept. */
function isFresh (sql: Sql) {
  return sql`created_at > now() - interval '24 hours'`
}

function columns (sql: Sql) {
  return sql`id, name, type, size, width, height, has_thumbnail as "hasThumbnail"`
}

/** Notes an upload down, if its uploader is in the room and may speak; says whether that was so. */
export async function insertAttachment (
  sql: Sql, roomId: string, uploaderId: string, { id, name, type, size, width, height, hasThumbnail }: Attachment
): Promise<boolean> {
  const rows = await sql`
    insert into attachments (id, room_id, uploader_id, name, type, size, width, height, has_thumbnail)
    select ${id}, m.room_id, m.user_id, ${name}, ${type}, ${size}::int, ${width}::int, ${height}::int, ${hasThumbnail}::boolean
    from members m
    where m.room_id = ${roomId} and m.user_id = ${uploaderId} and (m.muted_until is null or m.muted_until <= now())
    returning id`
  return rows.length > 0
}

/** An attachment as somebody in the room may see it: shown by a message, or one's own that none has shown yet. */
export async function findAttachment (sql: Sql, roomId: string, id: string, viewerId: string): Promise<Attachment | undefined> {
  const [row] = await sql<Attachment[]>`
    select ${columns(sql)} from attachments a
    where a.id = ${id} and a.room_id = ${roomId}
      and case
        when a.message_id is null then a.uploader_id = ${viewerId} and ${isFresh(sql)}
        else coalesce((
          select e.type = 'message.sent' and e.deleted_at is null from room_events e where e.room_id = a.room_id and e.id = a.message_id
        ), a.uploader_id = ${viewerId})
      end`
  return row
}

export interface Claim {
  roomId: string
  messageId: string
  uploaderId: string
  attachmentIds: string[]
}

/**
 * Gives uploads to a message that is about to show them: all of them or, when one is not there, is somebody else's or
 * another message's, none. The same message may claim them again.
 *
 * @returns those that are claimed, in no order; none when they are not.
 */
export async function claimAttachments (sql: Sql, { roomId, messageId, uploaderId, attachmentIds }: Claim): Promise<Attachment[]> {
  return await sql<Attachment[]>`
    with mine as materialized (
      select id from attachments
      where id = any(${attachmentIds}::uuid[]) and room_id = ${roomId} and uploader_id = ${uploaderId}
        and (message_id = ${messageId} or (message_id is null and ${isFresh(sql)}))
      order by id for update
    )
    update attachments set message_id = ${messageId}
    where id in (select id from mine) and (select count(*) from mine) = ${attachmentIds.length}
    returning ${columns(sql)}`
}

/** Takes back what a message has claimed that was refused. */
export async function releaseAttachments (sql: Sql, { roomId, messageId, uploaderId }: Omit<Claim, 'attachmentIds'>): Promise<void> {
  await sql`
    update attachments set message_id = null
    where room_id = ${roomId} and message_id = ${messageId} and uploader_id = ${uploaderId}
      and not exists (select from room_events where room_id = ${roomId} and id = ${messageId})`
}

/** As a further step of a message's deletion: its files can be had no more, and are swept soon. */
export function dropAttachments (sql: Sql, targetSeq: number) {
  return sql`, dropped as (
    update attachments a set message_id = null, created_at = 'epoch' from event, room_events e
    where e.room_id = event.room_id and e.seq = ${targetSeq} and a.room_id = e.room_id and a.message_id = e.id
  )`
}

export interface SweptAttachment {
  id: string
  hasThumbnail: boolean
}

/** Some that no message shows, and none can any more. */
export async function listUnshown (sql: Sql, limit: number): Promise<SweptAttachment[]> {
  return await sql<SweptAttachment[]>`
    select id, has_thumbnail as "hasThumbnail" from attachments
    where message_id is null and created_at < now() - interval '24 hours 5 minutes'
    order by created_at limit ${limit}`
}

export async function deleteUnshown (sql: Sql, ids: string[]): Promise<void> {
  await sql`delete from attachments where id = any(${ids}::uuid[]) and message_id is null`
}

/** Drops what was claimed by messages that never came: a node died in between. */
export async function dropForgotten (sql: Sql, limit: number): Promise<void> {
  await sql`
    update attachments set message_id = null, created_at = 'epoch' where id in (
      select a.id from attachments a
      where a.message_id is not null and a.created_at between now() - interval '7 days' and now() - interval '24 hours 5 minutes'
        and not exists (select from room_events e where e.room_id = a.room_id and e.id = a.message_id)
      limit ${limit} for update of a skip locked
    )`
}
