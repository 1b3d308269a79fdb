import type { Role } from '../../contract/index.ts'
import type { Sql } from '../client.ts'
import { appendEvent, type Appended, type NewEvent } from './append-event.ts'

/** An event about members or the room, and the version of the members that it was decided on. */
export interface GuardedEvent extends NewEvent {
  /** Left out where the decision does not depend on it. */
  membersVersion?: number | undefined
}

function unchanged (sql: Sql, { membersVersion }: GuardedEvent) {
  return membersVersion === undefined ? sql`` : sql`and members_version = ${membersVersion}`
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
  sql: Sql, event: GuardedEvent, { userId, role }: { userId: string, role: Role }
): Promise<Appended | undefined> {
  return await appendEvent(sql, event, {
    guard: unchanged(sql, event),
    change: sql`
      insert into members (room_id, user_id, role, joined_at, read_seq, read_messages)
      select room.id, ${userId}, ${role}, room.at, room.last_seq + 1, room.message_count from room
      on conflict do nothing
      returning 1`,
    roomColumns: sql`, member_count = member_count + 1, members_version = members_version + 1`,
    alongside: raiseVersion(sql, userId)
  })
}

export async function appendLeave (sql: Sql, event: GuardedEvent, userId: string): Promise<Appended | undefined> {
  return await appendEvent(sql, event, {
    guard: unchanged(sql, event),
    change: sql`
      delete from members m using room where m.room_id = room.id and m.user_id = ${userId}
      returning 1`,
    roomColumns: sql`, member_count = member_count - 1, members_version = members_version + 1`,
    alongside: raiseVersion(sql, userId)
  })
}

export async function appendRoleChange (
  sql: Sql, event: GuardedEvent, { userId, role }: { userId: string, role: Role }
): Promise<Appended | undefined> {
  return await appendEvent(sql, event, {
    guard: unchanged(sql, event),
    change: sql`
      update members m set role = ${role} from room where m.room_id = room.id and m.user_id = ${userId}
      returning 1`,
    roomColumns: sql`, members_version = members_version + 1`
  })
}

export async function appendRoomChange (
  sql: Sql, event: GuardedEvent, { name, topic }: { name?: string | undefined, topic?: string | undefined }
): Promise<Appended | undefined> {
  return await appendEvent(sql, event, {
    guard: unchanged(sql, event),
    change: sql`select from room`,
    roomColumns: sql`, name = coalesce(${name ?? null}, name), topic = coalesce(${topic ?? null}, topic)`
  })
}
