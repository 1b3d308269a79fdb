import type { Fragment } from 'postgres'
import type { Role } from '../../contract/index.ts'
import type { Sql } from '../client.ts'
import { appendEvent, type Appended, type NewEvent } from './append-event.ts'
import { admitsOne, countUse } from './invitations.ts'

/** An event about members or the room, and what of the room it was decided on: left out where it does not matter. */
export interface GuardedEvent extends NewEvent {
  membersVersion?: number | undefined
  /** Of the bans, and of the mutes of those outside. */
  entryVersion?: number | undefined
}

/** Somebody's standing, as it shall be. */
interface NewStanding {
  userId: string
  role: Role
  mutedUntil: string | null
  /** The hash of the link by which they come; it must let one more in. */
  invitation?: string | undefined
}

/** Somebody who goes. */
export interface Departure {
  userId: string
  /** The mute that is kept for them. */
  mutedUntil: string | null
  /** A further step, which bans them. */
  ban?: Fragment
}

function unchanged (sql: Sql, { membersVersion, entryVersion }: GuardedEvent) {
  return sql`
    ${membersVersion === undefined ? sql`` : sql`and members_version = ${membersVersion}`}
    ${entryVersion === undefined ? sql`` : sql`and entry_version = ${entryVersion}`}`
}

/** Nodes compare the version of their users, so that a lost notice heals. */
function raiseVersion (sql: Sql, userId: string) {
  return sql`, raised as (
    update users set memberships_version = memberships_version + 1
    where id = ${userId} and exists (select from event)
  )`
}

/** Whoever enters has read what was there before: they begin at the end. */
export async function appendJoin (
  sql: Sql, event: GuardedEvent, { userId, role, mutedUntil, invitation }: NewStanding
): Promise<Appended | undefined> {
  return await appendEvent(sql, event, {
    guard: unchanged(sql, event),
    change: sql`
      insert into members (room_id, user_id, role, joined_at, read_seq, read_messages, muted_until)
      select room.id, ${userId}, ${role}, room.at, room.last_seq + 1, room.message_count, ${mutedUntil}::timestamptz from room
      ${invitation === undefined ? sql`` : sql`where ${admitsOne(sql, invitation)}`}
      on conflict do nothing
      returning 1`,
    roomColumns: sql`, member_count = member_count + 1, members_version = members_version + 1`,
    alongside: sql`${raiseVersion(sql, userId)}, unkept as (
      delete from kept_mutes k using event where k.room_id = event.room_id and k.user_id = ${userId}
    ) ${invitation === undefined ? sql`` : countUse(sql, invitation)}`
  })
}

export async function appendLeave (
  sql: Sql, event: GuardedEvent, { userId, mutedUntil, ban }: Departure
): Promise<Appended | undefined> {
  const keptMute = sql`, kept as (
    insert into kept_mutes (room_id, user_id, muted_until)
    select room_id, ${userId}, ${mutedUntil}::timestamptz from event
    on conflict (room_id, user_id) do update set muted_until = excluded.muted_until
  )`
  const concernsEntry = ban !== undefined || mutedUntil !== null
  return await appendEvent(sql, event, {
    isForArchived: ban === undefined,
    guard: unchanged(sql, event),
    change: sql`
      delete from members m using room where m.room_id = room.id and m.user_id = ${userId}
      returning 1`,
    roomColumns: sql`, member_count = member_count - 1, members_version = members_version + 1, entry_version = entry_version + ${concernsEntry ? 1 : 0}`,
    alongside: sql`${raiseVersion(sql, userId)} ${mutedUntil === null ? sql`` : keptMute} ${ban ?? sql``}, uncalled as (
      delete from mentions using event where mentions.room_id = event.room_id and mentions.user_id = ${userId}
    )`
  })
}

/** A role, or a mute. */
export async function appendMemberChange (
  sql: Sql, event: GuardedEvent, { userId, role, mutedUntil }: NewStanding
): Promise<Appended | undefined> {
  return await appendEvent(sql, event, {
    guard: unchanged(sql, event),
    change: sql`
      update members m set role = ${role}, muted_until = ${mutedUntil}::timestamptz from room where m.room_id = room.id and m.user_id = ${userId}
      returning 1`,
    roomColumns: sql`, members_version = members_version + 1`
  })
}

/** What a room shall be; what is left out stays. */
export interface RoomChange {
  name?: string
  topic?: string
  archivedAt?: string | null
}

/** Of a room that is archived or not, as it was seen. */
export async function appendRoomChange (
  sql: Sql, event: GuardedEvent, { name, topic, archivedAt }: RoomChange, wasArchived: boolean
): Promise<Appended | undefined> {
  return await appendEvent(sql, event, {
    isForArchived: true,
    guard: sql`${unchanged(sql, event)} and archived_at is ${wasArchived ? sql`not null` : sql`null`}`,
    change: sql`select from room`,
    roomColumns: sql`, name = coalesce(${name ?? null}, name), topic = coalesce(${topic ?? null}, topic)
      ${archivedAt === undefined ? sql`` : sql`, archived_at = ${archivedAt}::timestamptz`}`
  })
}
