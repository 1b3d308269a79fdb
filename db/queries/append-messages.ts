import type { Sql } from '../client.ts'
import { takeRows } from '../take-rows.ts'
import { isMessage, writeMentions, type NewMessage, type Verdict } from './new-message.ts'

/**
 * Appends a batch of messages in one autocommit statement, and says for each what became of it, in the given order.
 *
 * Rooms are locked in id order, so that batches of two nodes cannot wait for each other in a circle. Members are read
 * with a lock of their own after that: the snapshot is from before the wait, and a removal or a mute may have committed meanwhile.
 * The plan is kept, so it must suit any size: a join with the log could be planned as a hash of all of it, what is looked
 * up for each message by its key cannot; and what is compared with every other message grows with the square of the batch.
 * No two messages of a batch may bear the same room and id.
 *
 * @throws a unique violation on `room_events_id` when an id was committed elsewhere during the wait: run it again.
 */
export async function appendMessages (sql: Sql, batch: NewMessage[]): Promise<Verdict[]> {
  const extras = batch.some(({ data }) => data !== undefined) ? extraParts(sql, batch) : noExtras(sql)
  return await takeRows(sql<Verdict[]>`
    with input as materialized (
      select * from unnest(
        ${batch.map((message) => message.roomId)}::uuid[],
        ${batch.map((message) => message.id)}::uuid[],
        ${batch.map((message) => message.actorId)}::uuid[],
        ${batch.map((message) => message.text)}::text[],
        ${batch.map((message) => message.replyTo ?? null)}::bigint[] ${extras.input}
      ) with ordinality as input (room_id, id, actor_id, text, reply_to ${extras.column}, position)
    ), room as materialized (
      select id, kind, epoch, last_seq, message_count, archived_at, date_trunc('milliseconds', clock_timestamp()) as at
      from rooms where id in (select room_id from input)
      order by id for no key update
    ), checked as materialized (
      select input.*, room.kind, room.epoch, room.at, room.archived_at, room.last_seq, room.message_count,
        member.user_id is not null as is_member, member.muted_until,
        prior.seq as prior_seq, prior.actor_id as prior_actor_id, prior.type as prior_type,
        member.user_id is not null and member.muted_until is null and room.archived_at is null and prior.seq is null
          and (input.reply_to is null or ${isMessage(sql, 'input.room_id', 'input.reply_to')}) as is_fresh
      from input
      left join room on room.id = input.room_id
      left join lateral (
        select m.user_id, case when m.muted_until > room.at then m.muted_until end as muted_until
        from members m where m.room_id = room.id and m.user_id = input.actor_id
        for share
      ) member on true
      left join lateral (
        select e.seq, e.actor_id, e.type from room_events e where e.room_id = input.room_id and e.id = input.id limit 1
      ) prior on true
    ), verdict as materialized (
      select checked.*,
        case when is_fresh then last_seq + count(*) filter (where is_fresh) over in_room end as seq,
        message_count + count(*) filter (where is_fresh) over in_room as message_number
      from checked
      window in_room as (partition by room_id order by position)
    ), inserted as (
      insert into room_events (room_id, seq, id, type, actor_id, at, message_number, text, reply_to ${extras.column})
      select room_id, seq, id, 'message.sent', actor_id, at, message_number, text, reply_to ${extras.value} from verdict where is_fresh
    ), moved as (
      update rooms set last_seq = v.last_seq, message_count = v.message_count
      from (
        select room_id, max(seq) as last_seq, max(message_number) as message_count
        from verdict where is_fresh group by room_id
      ) v where rooms.id = v.room_id
    ), marked as (
      update members set read_seq = v.read_seq, read_messages = v.read_messages
      from (
        select room_id, actor_id, max(seq) as read_seq, max(message_number) as read_messages
        from verdict where is_fresh group by room_id, actor_id
      ) v where members.room_id = v.room_id and members.user_id = v.actor_id
    ) ${extras.alongside}
    select kind, epoch, is_member as "isMember", archived_at is not null as "isArchived", seq,
      case when is_fresh then (extract(epoch from at) * 1000)::float8 end as "atMs",
      (extract(epoch from muted_until) * 1000)::float8 as "mutedUntilMs",
      prior_seq as "priorSeq", prior_actor_id as "priorActorId", prior_type as "priorType"
    from verdict
    order by position`)
}

/** Batches with nothing but texts, which most are, are a statement of their own that knows nothing of extras. */
function noExtras (sql: Sql) {
  const none = sql``
  return { input: none, column: none, value: none, alongside: none }
}

function extraParts (sql: Sql, batch: NewMessage[]) {
  return {
    input: sql`, ${batch.map(({ data }) => data ? JSON.stringify(data) : null)}::text[]`,
    column: sql`, data`,
    value: sql`, data::jsonb`,
    alongside: sql`, ${writeMentions(sql, sql`(select * from verdict where is_fresh)`)}`
  }
}
