import type { Room, RoomKind } from '../../contract/index.ts'
import type { Sql } from '../client.ts'
import { toRoom, type RoomRow } from '../rows.ts'

export function roomColumns (sql: Sql) {
  return sql`
    rooms.id, rooms.kind, rooms.name, rooms.topic, rooms.direct_key as "directKey",
    (extract(epoch from rooms.created_at) * 1000)::float8 as "createdAtMs", rooms.member_count as "memberCount"`
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
      insert into members (room_id, user_id, role, joined_at)
      select made.id, person.user_id, person.role, made.created_at from made, person
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

/** Public rooms whose name contains the words, by name; after the room with this id. */
export async function listPublicRooms (
  sql: Sql, { query, after, limit }: { query: string, after: { name: string, id: string } | undefined, limit: number }
): Promise<Room[]> {
  const pattern = `%${query.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`
  const rows = await sql<RoomRow[]>`
    select ${roomColumns(sql)} from rooms
    where kind = 'public' and lower(name) like ${pattern}
      ${after ? sql`and (lower(name), id) > (lower(${after.name}), ${after.id})` : sql``}
    order by lower(name), id limit ${limit}`
  return rows.map(toRoom)
}

/** Deletes a room with its log, if the actor still owns it. Says who was in it. */
export async function deleteRoom (sql: Sql, roomId: string, ownerId: string): Promise<string[] | undefined> {
  const [row] = await sql<Array<{ userIds: string[] | null }>>`
    with room as materialized (
      select id from rooms where id = ${roomId} and kind <> 'direct' and exists (
        select from members m where m.room_id = rooms.id and m.user_id = ${ownerId} and m.role = 'owner' for share
      ) for update
    ), locked as materialized (
      select users.id from users
      where id in (select user_id from members where room_id in (select id from room))
      order by id for no key update
    ), raised as (
      update users set memberships_version = memberships_version + 1 where id in (select id from locked)
    ), emptied as (
      delete from room_events where room_id in (select id from room)
    ), cleared as (
      delete from reactions where room_id in (select id from room)
    ), gone as (
      delete from rooms where id in (select id from room) returning id
    )
    select (select array_agg(id) from locked) as "userIds" from gone`
  return row && (row.userIds ?? [])
}

/** Deletes what was appended to a deleted room while its deletion waited for the lock, and so went unseen by it. */
export async function deleteRemains (sql: Sql, roomId: string): Promise<void> {
  await sql`
    with gone as (
      select ${roomId}::uuid as id where not exists (select from rooms where id = ${roomId})
    ), emptied as (
      delete from room_events where room_id in (select id from gone)
    )
    delete from reactions where room_id in (select id from gone)`
}
