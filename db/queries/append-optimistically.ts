import postgres from 'postgres'
import type { Sql } from '../client.ts'
import { takeRows } from '../take-rows.ts'
import { isMessage, writeMentions, type NewMessage, type Placed } from './new-message.ts'

/**
 * SQL has no `raise`: a statement fails on purpose by a cast that cannot succeed, and this is what it casts. It stands in
 * Postgres's log.
 */
const doubt = 'Parley asks again of each message, since not all may be appended; speakers found: '

/** Whether nothing of a batch was appended because not all of it may be. */
export function isDoubt (error: unknown): boolean {
  return error instanceof postgres.PostgresError && error.message.includes(doubt)
}

/** A room that was moved on. */
interface MovedRoom {
  roomId: string
  epoch: string
  /** Its last seq before the batch. */
  seqBefore: number
  atMs: number
}

/**
 * Appends a batch of messages in one autocommit statement, as if there were nothing to refuse: hardly ever there is. The
 * node counts and sorts, not Postgres, and rooms are locked by what moves them on. So it costs Postgres a quarter less than
 * `appendMessages`, which knows what to say of each message; and of a single one a third.
 *
 * All of it is appended or nothing. Whether everybody may speak is what the members' rows say while they are marked, under
 * the lock of their room: each of those who speak must have one. Rooms are locked in id order, since a nested loop goes
 * through them as they are given; in any other plan two batches could wait for each other, until one of them is given up.
 * No two messages of a batch may bear the same room and id, and ids are in lower case, as Postgres answers them.
 *
 * @throws what is a doubt (see `isDoubt`) when not everybody may say what they said, or might not when the statement began;
 * and a unique violation on `room_events_id` when an id is there already. `appendMessages` says which, and appends the others.
 */
export async function appendOptimistically (sql: Sql, batch: NewMessage[]): Promise<Placed[]> {
  const { roomIds, counts, numbers, positions, areLast, speakers } = arrange(batch)
  const extras = batch.some(({ replyTo, data }) => replyTo !== undefined || data !== undefined) ? extraParts(sql, batch) : noExtras(sql)
  const rooms = await takeRows(sql<MovedRoom[]>`
    with room as (
      update rooms set last_seq = rooms.last_seq + input.count, message_count = rooms.message_count + input.count
      from unnest(${roomIds}::uuid[], ${counts}::bigint[]) with ordinality as input (room_id, count, number)
      where rooms.id = input.room_id and rooms.archived_at is null
      returning rooms.id, input.number, rooms.epoch, rooms.last_seq - input.count as seq_before,
        rooms.message_count - input.count as messages_before, date_trunc('milliseconds', clock_timestamp()) as at
    ), placed as materialized (
      select input.*, room.id as room_id, room.at, room.seq_before + input.position as seq, room.messages_before + input.position as message_number
      from unnest(
        ${numbers}::bigint[],
        ${positions}::bigint[],
        ${areLast}::bigint[],
        ${batch.map(({ id }) => id)}::uuid[],
        ${batch.map(({ actorId }) => actorId)}::uuid[],
        ${batch.map(({ text }) => text)}::text[] ${extras.input}
      ) as input (number, position, is_last, id, actor_id, text ${extras.columns})
      join room on room.number = input.number
    ), marked as (
      update members set read_seq = placed.seq, read_messages = placed.message_number
      from placed
      where placed.is_last = 1 and members.room_id = placed.room_id and members.user_id = placed.actor_id
        and (members.muted_until is null or members.muted_until <= placed.at)
      returning 1
    ), inserted as (
      insert into room_events (room_id, seq, id, type, actor_id, at, message_number, text ${extras.columns})
      select room_id, seq, id, 'message.sent', actor_id, at, message_number, text ${extras.values} from placed
    ) ${extras.alongside}
    select case when (select count(*) from marked) = ${speakers}::bigint ${extras.condition} then 1
      else cast(${doubt}::text || (select count(*) from marked) as int) end as "toBeEvaluated",
      room.id as "roomId", room.epoch, room.seq_before as "seqBefore", (extract(epoch from room.at) * 1000)::float8 as "atMs"
    from (select) as batch left join room on true`)
  const moved = new Map(rooms.map((room) => [room.roomId, room]))
  return batch.map(({ roomId }, index) => {
    const { epoch, atMs, seqBefore } = moved.get(roomId) as MovedRoom
    return { epoch, atMs, seq: seqBefore + (positions[index] as number) }
  })
}

/**
 * The rooms of a batch in id order, with the number of messages that each gets; and for each message the number of its
 * room, its position there, and whether it is its speaker's last there.
 */
function arrange (batch: NewMessage[]) {
  const counts = new Map<string, number>()
  const lasts = new Map<string, number>()
  const positions = batch.map(({ roomId, actorId }, index) => {
    const position = (counts.get(roomId) ?? 0) + 1
    counts.set(roomId, position)
    lasts.set(roomId + actorId, index)
    return position
  })
  const roomIds = [...counts.keys()].sort()
  const numbers = new Map(roomIds.map((roomId, index) => [roomId, index + 1]))
  const areLast = new Array<number>(batch.length).fill(0)
  for (const index of lasts.values()) areLast[index] = 1
  return {
    roomIds,
    counts: roomIds.map((roomId) => counts.get(roomId) as number),
    numbers: batch.map(({ roomId }) => numbers.get(roomId) as number),
    positions,
    areLast,
    speakers: lasts.size
  }
}

/** Batches with nothing but texts, which most are, are a statement of their own that knows of nothing else. */
function noExtras (sql: Sql) {
  const none = sql``
  return { input: none, columns: none, values: none, alongside: none, condition: none }
}

function extraParts (sql: Sql, batch: NewMessage[]) {
  return {
    input: sql`, ${batch.map(({ replyTo }) => replyTo ?? null)}::bigint[], ${batch.map(({ data }) => data ? JSON.stringify(data) : null)}::text[]`,
    columns: sql`, reply_to, data`,
    values: sql`, reply_to, data::jsonb`,
    alongside: sql`, ${writeMentions(sql, sql`placed`)}`,
    condition: sql`and not exists (select from placed where reply_to is not null and not ${isMessage(sql, 'placed.room_id', 'placed.reply_to')})`
  }
}
