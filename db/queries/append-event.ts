import type { Fragment } from 'postgres'
import type { RoomEventType } from '../../contract/index.ts'
import type { Sql } from '../client.ts'

export interface NewEvent {
  roomId: string
  id: string
  type: RoomEventType
  actorId: string
  targetSeq?: number
  data?: Record<string, unknown>
}

export interface Appended {
  seq: number
  atMs: number
  epoch: string
}

export interface AppendParts {
  /** Whether it may also happen in an archived room. */
  isForArchived?: boolean
  /** What must still be true of the room's row, once it is locked. */
  guard?: Fragment
  /** What the event does; sees the locked row as `room`, and returns a row exactly when it did it. */
  change: Fragment
  /** Further columns of the room's row to set. */
  roomColumns?: Fragment
  /** Further steps; they see `event`, which has a row exactly when it was appended. */
  alongside?: Fragment
}

/**
 * Appends one event together with what it does, in one autocommit statement.
 *
 * @returns undefined when the room is gone or what the decision was based on has changed: look again.
 * @throws a unique violation on `room_events_id` when the id was committed elsewhere during the wait: look again.
 */
export async function appendEvent (sql: Sql, event: NewEvent, parts: AppendParts): Promise<Appended | undefined> {
  const { roomId, id, type, actorId, targetSeq = null, data } = event
  const { isForArchived = false, guard = sql``, change, roomColumns = sql``, alongside = sql`` } = parts
  const [row] = await sql<Appended[]>`
    with room as materialized (
      select id, epoch, last_seq, message_count, date_trunc('milliseconds', clock_timestamp()) as at
      from rooms where id = ${roomId} ${isForArchived ? sql`` : sql`and archived_at is null`} ${guard}
      for no key update
    ), change as (
      ${change}
    ), event as (
      insert into room_events (room_id, seq, id, type, actor_id, at, message_number, target_seq, data)
      select room.id, room.last_seq + 1, ${id}, ${type}, ${actorId}, room.at, room.message_count,
        ${targetSeq}::bigint, ${data ? JSON.stringify(data) : null}::text::jsonb
      from room where exists (select from change)
      returning room_id, seq, at
    ), moved as (
      update rooms set last_seq = event.seq ${roomColumns}
      from event where rooms.id = event.room_id
    ) ${alongside}
    select event.seq, (extract(epoch from event.at) * 1000)::float8 as "atMs", room.epoch
    from event join room on room.id = event.room_id`
  return row
}
