import type { Invitation, Role } from '../../contract/index.ts'
import type { Sql } from '../client.ts'
import { toTimestamp } from '../rows.ts'

export interface NewInvitation {
  id: string
  roomId: string
  tokenHash: string
  createdBy: string
  /** The role that allowed it. */
  role: Role
  expiresInSeconds: number
  maxUses: number | null
}

interface InvitationRow {
  id: string
  roomId: string
  createdBy: string
  createdAtMs: number
  expiresAtMs: number
  maxUses: number | null
  uses: number
}

function columns (sql: Sql) {
  return sql`
    id, room_id as "roomId", created_by as "createdBy", max_uses as "maxUses", uses,
    (extract(epoch from created_at) * 1000)::float8 as "createdAtMs",
    (extract(epoch from expires_at) * 1000)::float8 as "expiresAtMs"`
}

function toInvitation ({ createdAtMs, expiresAtMs, ...row }: InvitationRow): Invitation {
  return { ...row, createdAt: toTimestamp(createdAtMs), expiresAt: toTimestamp(expiresAtMs) }
}

/**
 * Makes an invitation, in place of those of the room that have expired.
 *
 * @returns undefined when the room has so many already, or its maker is not what they were: look again.
 */
export async function insertInvitation (
  sql: Sql, { id, roomId, tokenHash, createdBy, role, expiresInSeconds, maxUses }: NewInvitation, mostInRoom: number
): Promise<Invitation | undefined> {
  const [row] = await sql<InvitationRow[]>`
    with expired as (
      delete from invitations where id in (
        select id from invitations where room_id = ${roomId} and expires_at <= now() for update skip locked
      )
    )
    insert into invitations (id, room_id, token_hash, created_by, expires_at, max_uses)
    select ${id}, m.room_id, ${tokenHash}, m.user_id, now() + ${expiresInSeconds}::float8 * interval '1 second', ${maxUses}::int
    from members m
    where m.room_id = ${roomId} and m.user_id = ${createdBy} and m.role = ${role}
      and (select count(*) from invitations where room_id = ${roomId} and expires_at > now()) < ${mostInRoom}
    returning ${columns(sql)}`
  return row && toInvitation(row)
}

export async function listInvitations (sql: Sql, roomId: string): Promise<Invitation[]> {
  const rows = await sql<InvitationRow[]>`
    select ${columns(sql)} from invitations where room_id = ${roomId} and expires_at > now()
    order by created_at desc, id`
  return rows.map(toInvitation)
}

/** Whether there was one. */
export async function deleteInvitation (sql: Sql, roomId: string, id: string): Promise<boolean> {
  const rows = await sql`delete from invitations where room_id = ${roomId} and id = ${id} returning id`
  return rows.length > 0
}

/** Where a link leads for somebody. */
export interface FoundInvitation {
  roomId: string
  name: string | null
  topic: string | null
  memberCount: number
  expiresAtMs: number
  /** As many have come by it as may. */
  isUsedUp: boolean
  isMember: boolean
}

/** A link holds as long as its maker may invite: whoever is removed or set down has no way in, or to let others in, of their own. */
function isMakerEntitled (sql: Sql) {
  return sql`exists (
    select from members maker where maker.room_id = i.room_id and maker.user_id = i.created_by and maker.role in ('owner', 'admin')
  )`
}

/** The invitation of this token, unless it has expired. */
export async function findInvitation (sql: Sql, tokenHash: string, userId: string): Promise<FoundInvitation | undefined> {
  const [row] = await sql<FoundInvitation[]>`
    select rooms.id as "roomId", rooms.name, rooms.topic, rooms.member_count as "memberCount",
      (extract(epoch from i.expires_at) * 1000)::float8 as "expiresAtMs",
      coalesce(i.uses >= i.max_uses, false) as "isUsedUp",
      exists (select from members where room_id = rooms.id and user_id = ${userId}) as "isMember"
    from invitations i join rooms on rooms.id = i.room_id
    where i.token_hash = ${tokenHash} and i.expires_at > now() and ${isMakerEntitled(sql)}`
  return row
}

/** As a condition of a statement that holds the room's lock: the link lets one more in. Locked, so that none is counted twice. */
export function admitsOne (sql: Sql, tokenHash: string) {
  return sql`exists (
    select from invitations i
    where i.token_hash = ${tokenHash} and i.room_id = room.id and i.expires_at > room.at
      and (i.max_uses is null or i.uses < i.max_uses) and ${isMakerEntitled(sql)}
    for no key update
  )`
}

/** As a further step of the same statement: counts whoever has come. */
export function countUse (sql: Sql, tokenHash: string) {
  return sql`, counted as (
    update invitations set uses = uses + 1 from event where invitations.token_hash = ${tokenHash}
  )`
}

/** Deletes some that have expired, and says whether there may be more. */
export async function deleteExpiredInvitations (sql: Sql, pieceSize: number): Promise<boolean> {
  const rows = await sql`
    delete from invitations where id in (
      select id from invitations where expires_at <= now() limit ${pieceSize} for update skip locked
    ) returning 1`
  return rows.length === pieceSize
}
