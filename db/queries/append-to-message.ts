import type { Role } from '../../contract/index.ts'
import type { Sql } from '../client.ts'
import { appendEvent, type Appended, type NewEvent } from './append-event.ts'
import { dropAttachments } from './attachments.ts'

/** An event about a message, and the role that its actor had when it was allowed. */
export interface MessageEvent extends NewEvent {
  targetSeq: number
  actorRole: Role
}

/** What a decision to replace or delete a text was based on. */
export interface SeenMessage {
  /** The event that edited it last. */
  editSeq: number | null
  /** Whom it mentions. */
  mentions: string[]
}

function isUnedited (sql: Sql, { editSeq }: SeenMessage) {
  return sql`and e.edit_seq is not distinct from ${editSeq}::bigint`
}

/** Read with a lock: the snapshot is from before the wait for the room. */
function isStillMember (sql: Sql, { actorId, actorRole }: MessageEvent, further = sql``) {
  return sql`exists (
    select from members m where m.room_id = room.id and m.user_id = ${actorId} and m.role = ${actorRole} ${further} for share
  )`
}

/** The same for what somebody who is muted may not do. */
function mayStillSpeak (sql: Sql, event: MessageEvent) {
  return isStillMember(sql, event, sql`and (m.muted_until is null or m.muted_until <= room.at)`)
}

/** Whoever was mentioned before is not called again; whoever has read on is not called back. */
export async function appendEdit (
  sql: Sql, event: MessageEvent, { text, mentions }: { text: string, mentions: string[] }, seen: SeenMessage
): Promise<Appended | undefined> {
  const isAboutMentions = mentions.length + seen.mentions.length > 0
  const data = JSON.stringify(mentions.length > 0 ? { mentions } : {})
  return await appendEvent(sql, event, {
    change: sql`
      update room_events e set text = ${text}, edit_seq = room.last_seq + 1, edited_at = room.at
        ${isAboutMentions ? sql`, data = nullif(coalesce(e.data, '{}') - 'mentions' || ${data}::text::jsonb, '{}')` : sql``}
      from room
      where e.room_id = room.id and e.seq = ${event.targetSeq} and e.deleted_at is null
        ${isUnedited(sql, seen)} and ${mayStillSpeak(sql, event)}
      returning 1`,
    alongside: !isAboutMentions
      ? sql``
      : sql`, uncalled as (
          delete from mentions using event where mentions.room_id = event.room_id and mentions.seq = ${event.targetSeq}
            and mentions.user_id = any(${seen.mentions.filter((userId) => !mentions.includes(userId))}::uuid[])
        ), called as (
          insert into mentions (user_id, room_id, seq)
          select m.user_id, m.room_id, ${event.targetSeq} from event join members m on m.room_id = event.room_id
          where m.user_id = any(${mentions.filter((userId) => !seen.mentions.includes(userId))}::uuid[])
            and m.read_seq < ${event.targetSeq}
        )`
  })
}

export async function appendDeletion (sql: Sql, event: MessageEvent, seen: SeenMessage): Promise<Appended | undefined> {
  return await appendEvent(sql, event, {
    change: sql`
      update room_events e set text = null, data = null, deleted_at = room.at
      from room
      where e.room_id = room.id and e.seq = ${event.targetSeq} and e.deleted_at is null
        ${isUnedited(sql, seen)} and ${isStillMember(sql, event)}
      returning 1`,
    alongside: sql`, cleared as (
      delete from reactions r using event where r.room_id = event.room_id and r.seq = ${event.targetSeq}
    ), uncalled as (
      delete from mentions using event where mentions.room_id = event.room_id and mentions.seq = ${event.targetSeq}
        and mentions.user_id = any(${seen.mentions}::uuid[])
    ) ${dropAttachments(sql, event.targetSeq)}`
  })
}

export async function appendReaction (sql: Sql, event: MessageEvent, emoji: string): Promise<Appended | undefined> {
  return await appendEvent(sql, event, {
    change: sql`
      insert into reactions (room_id, seq, emoji, user_id, event_seq)
      select target.room_id, target.seq, ${emoji}, ${event.actorId}, target.next_seq
      from (
        select e.room_id, e.seq, room.last_seq + 1 as next_seq
        from room join room_events e on e.room_id = room.id
        where e.seq = ${event.targetSeq} and e.deleted_at is null and ${mayStillSpeak(sql, event)}
        for share of e
      ) target
      on conflict do nothing
      returning 1`
  })
}

export async function appendReactionRemoval (sql: Sql, event: MessageEvent, emoji: string): Promise<Appended | undefined> {
  return await appendEvent(sql, event, {
    change: sql`
      delete from reactions r using room
      where r.room_id = room.id and r.seq = ${event.targetSeq} and r.emoji = ${emoji}
        and r.user_id = ${event.actorId} and ${isStillMember(sql, event)}
      returning 1`
  })
}
