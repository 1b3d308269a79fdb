import type { RoomEventType, RoomKind } from '../../contract/index.ts'
import type { Sql } from '../client.ts'
import type { MessageExtras } from '../rows.ts'

export interface NewMessage {
  roomId: string
  id: string
  actorId: string
  text: string
  replyTo?: number | undefined
  /** Left out where there is nothing, never empty. */
  data?: MessageExtras | undefined
}

/** Where a message was appended. */
export interface Placed {
  epoch: string
  seq: number
  atMs: number
}

/** Why a message was not appended. */
export interface Refused {
  seq: null
  /** Null when there is no such room. */
  kind: RoomKind | null
  isMember: boolean
  isArchived: boolean
  /** Set for a member who may not speak. */
  mutedUntilMs: number | null
  /** The event that bears its id already. */
  priorSeq: number | null
  priorActorId: string | null
  priorType: RoomEventType | null
}

/** What became of a message. */
export type Verdict = Placed | Refused

/** Whether what stands at this place of this room is a message, so that one can answer it. */
export function isMessage (sql: Sql, roomId: string, seq: string) {
  return sql`(
    select e.type from room_events e where e.room_id = ${sql(roomId)} and e.seq = ${sql(seq)}
  ) is not distinct from 'message.sent'`
}

/** A step that writes down whom messages mention; `messages` has their `room_id`, `seq` and `data`. */
export function writeMentions (sql: Sql, messages: ReturnType<Sql>) {
  return sql`called as (
    insert into mentions (user_id, room_id, seq)
    select mention.user_id::uuid, message.room_id, message.seq
    from ${messages} as message cross join lateral jsonb_array_elements_text(message.data::jsonb -> 'mentions') as mention (user_id)
  )`
}
