import type { Role, Room, RoomKind } from '../../contract/index.ts'
import type { Sql } from '../client.ts'
import { toRoom, type RoomRow } from '../rows.ts'

export function roomColumns (sql: Sql) {
  return sql`
    rooms.id, rooms.kind, rooms.name, rooms.topic, rooms.direct_key as "directKey",
    (extract(epoch from rooms.created_at) * 1000)::float8 as "createdAtMs", rooms.member_count as "memberCount",
    (extract(epoch from rooms.archived_at) * 1000)::float8 as "archivedAtMs"`
}

export interface NewRoom {
  id: string
  kind: RoomKind
  name: string | null
  topic: string | null
  directKey: string | null
  /** Who is in it from the start, in the order of their `member.joined`; the first made it. */
  members: Array<{ userId: string, role: 'owner' | 'member', eventId: string }>
}

/**
 * Makes a room with its first members, each a `member.joined` in its log.
 *
 * @returns undefined when the pair's direct room is there already, or one of the people is not.
 */
export async function insertRoom (sql: Sql, room: NewRoom): Promise<Room | undefined> {
  const { members } = room
  const [row] = await sql<RoomRow[]>`
    with person as materialized (
      select input.*, users.id
      from unnest(
        ${members.map(({ userId }) => userId)}::uuid[],
        ${members.map(({ role }) => role)}::text[]::member_role[],
        ${members.map(({ eventId }) => eventId)}::uuid[]
      ) with ordinality as input (user_id, role, event_id, seq)
      join users on users.id = input.user_id
    ), made as (
      insert into rooms (id, kind, name, topic, direct_key, created_at, last_seq, member_count)
      select ${room.id}, ${room.kind}, ${room.name}, ${room.topic}, ${room.directKey},
        date_trunc('milliseconds', now()), ${members.length}, ${members.length}
      where (select count(*) from person) = ${members.length}
      on conflict do nothing
      returning *
    ), joined as (
      insert into members (room_id, user_id, role, joined_at, read_seq)
      select made.id, person.user_id, person.role, made.created_at, made.last_seq from made, person
    ), logged as (
      insert into room_events (room_id, seq, id, type, actor_id, at, message_number, data)
      select made.id, person.seq, person.event_id, 'member.joined', ${members[0]?.userId ?? null}, made.created_at, 0,
        jsonb_build_object('userId', person.user_id, 'role', person.role)
      from made, person
    ), locked as materialized (
      select users.id from users where id in (select user_id from person) and exists (select from made)
      order by id for no key update
    ), raised as (
      update users set memberships_version = memberships_version + 1 where id in (select id from locked)
    )
    select ${roomColumns(sql)} from made as rooms`
  return row && toRoom(row)
}

export async function findDirectRoom (sql: Sql, directKey: string): Promise<Room | undefined> {
  const [row] = await sql<RoomRow[]>`select ${roomColumns(sql)} from rooms where direct_key = ${directKey}`
  return row && toRoom(row)
}

/** Public rooms, open ones, whose name contains the words, by name; after the room with this id. */
export async function listPublicRooms (
  sql: Sql, { query, after, limit }: { query: string, after: { name: string, id: string } | undefined, limit: number }
): Promise<Room[]> {
  const pattern = `%${query.replace(/[\\%_]/g, '\\$&')}%`
  const rows = await sql<RoomRow[]>`
    select ${roomColumns(sql)} from rooms
    where kind = 'public' and archived_at is null and lower(name) like lower(${pattern})
      ${after ? sql`and (lower(name), id) > (lower(${after.name}), ${after.id})` : sql``}
    order by lower(name), id limit ${limit}`
  return rows.map(toRoom)
}

/**
 * Deletes a room, if the actor still has this role in it. What is left of its log is noted down, to be removed in pieces.
 *
 * @returns whether it is gone.
 */
export async function deleteRoom (sql: Sql, roomId: string, actorId: string, actorRole: Role): Promise<boolean> {
  const rows = await sql`
    with room as materialized (
      select id from rooms where id = ${roomId} for update
    ), allowed as materialized (
      select room.id from room join members m on m.room_id = room.id and m.user_id = ${actorId} and m.role = ${actorRole}
      for share of m
    ), locked as materialized (
      select users.id from users
      where id in (select user_id from members where room_id in (select id from allowed))
      order by id for no key update
    ), raised as (
      update users set memberships_version = memberships_version + 1 where id in (select id from locked)
    ), uncalled as (
      delete from mentions using allowed, members m
      where m.room_id = allowed.id and mentions.user_id = m.user_id and mentions.room_id = m.room_id
    ), noted as (
      insert into room_remains (room_id) select id from allowed
    )
    delete from rooms where id in (select id from allowed) returning id`
  return rows.length > 0
}

/** Removes a piece of what deleted rooms have left, and says whether there may be more. One node at a time does it. */
export async function deleteRemains (sql: Sql, pieceSize: number): Promise<boolean> {
  const rows = await sql`
    with remains as materialized (
      select room_id from room_remains limit 1 for update skip locked
    ), events as (
      delete from room_events where ctid in (
        select ctid from room_events where room_id = (select room_id from remains) limit ${pieceSize}
      ) returning 1
    ), cleared as (
      delete from reactions where ctid in (
        select ctid from reactions where room_id = (select room_id from remains) limit ${pieceSize}
      ) returning 1
    ), dropped as (
      update attachments set message_id = null, created_at = 'epoch' where ctid in (
        select ctid from attachments where room_id = (select room_id from remains) and created_at > 'epoch' limit ${pieceSize}
      ) returning 1
    ), done as (
      delete from room_remains where room_id = (select room_id from remains)
        and (select count(*) from events) + (select count(*) from cleared) + (select count(*) from dropped) = 0
    )
    select from remains`
  return rows.length > 0
}
