import type { Member, Role, RoomKind, RoomState } from '../../contract/index.ts'
import type { Sql } from '../client.ts'
import { toRoom, toTimestamp, type RoomRow } from '../rows.ts'
import { calledIn } from './mentions.ts'
import { mutedUntilMs } from './muted-until.ts'
import { roomColumns } from './rooms.ts'

/** What a decision about members is made on. */
export interface Standing {
  kind: RoomKind
  isArchived: boolean
  membersVersion: number
  entryVersion: number
  /** Null when the actor is not in the room. */
  actorRole: Role | null
  /** Of whom it is about. */
  subjectRole: Role | null
  subjectExists: boolean
  isBanned: boolean
  /** Until when they may not speak: as a member, or once they come back. Null when they may. */
  mutedUntilMs: number | null
  ownerCount: number
}

export async function readStanding (
  sql: Sql, roomId: string, actorId: string, subjectId: string
): Promise<Standing | undefined> {
  const [row] = await sql<Standing[]>`
    select rooms.kind, rooms.archived_at is not null as "isArchived", rooms.members_version as "membersVersion", rooms.entry_version as "entryVersion",
      actor.role as "actorRole", subject.role as "subjectRole",
      exists (select from users where id = ${subjectId}) as "subjectExists",
      exists (select from bans where room_id = rooms.id and user_id = ${subjectId}) as "isBanned",
      ${mutedUntilMs(sql, sql`coalesce(subject.muted_until, kept.muted_until)`)} as "mutedUntilMs",
      (select count(*) from members where room_id = rooms.id and role = 'owner') as "ownerCount"
    from rooms
    left join members actor on actor.room_id = rooms.id and actor.user_id = ${actorId}
    left join members subject on subject.room_id = rooms.id and subject.user_id = ${subjectId}
    left join kept_mutes kept on kept.room_id = rooms.id and kept.user_id = ${subjectId}
    where rooms.id = ${roomId}`
  return row
}

/** As a condition of a query: what is read and who may read it are then of one moment. */
export function isMember (sql: Sql, roomId: string, userId: string) {
  return sql`and exists (select from members where room_id = ${roomId} and user_id = ${userId})`
}

/** What somebody may see of a room rests on this. */
export interface Access {
  roomId: string
  kind: RoomKind
  isArchived: boolean
  role: Role | null
  mutedUntilMs: number | null
}

export async function readAccess (sql: Sql, roomIds: string[], userId: string): Promise<Access[]> {
  return await sql<Access[]>`
    select rooms.id as "roomId", rooms.kind, rooms.archived_at is not null as "isArchived", members.role,
      ${mutedUntilMs(sql, sql`members.muted_until`)} as "mutedUntilMs"
    from rooms left join members on members.room_id = rooms.id and members.user_id = ${userId}
    where rooms.id = any(${roomIds}::uuid[])`
}

interface MemberRow {
  userId: string
  role: Role
  joinedAtMs: number
  mutedUntilMs: number | null
  username: string
  displayName: string
}

/** Members by user id; of one user, or after one. */
export async function listMembers (
  sql: Sql, roomId: string, { userId, after, limit }: { userId?: string, after?: string | undefined, limit: number }
): Promise<Member[]> {
  const rows = await sql<MemberRow[]>`
    select m.user_id as "userId", m.role, (extract(epoch from m.joined_at) * 1000)::float8 as "joinedAtMs",
      ${mutedUntilMs(sql, sql`m.muted_until`)} as "mutedUntilMs",
      users.username, users.display_name as "displayName"
    from members m join users on users.id = m.user_id
    where m.room_id = ${roomId}
      ${userId ? sql`and m.user_id = ${userId}` : sql``} ${after ? sql`and m.user_id > ${after}` : sql``}
    order by m.user_id limit ${limit}`
  return rows.map(({ userId, role, joinedAtMs, mutedUntilMs, username, displayName }) => ({
    userId,
    role,
    joinedAt: toTimestamp(joinedAtMs),
    mutedUntil: mutedUntilMs === null ? null : toTimestamp(mutedUntilMs),
    user: { id: userId, username, displayName }
  }))
}

/** A membership, with what is needed to count the unread at any later seq. */
export interface Membership extends RoomState {
  userId: string
  readMessages: number
  /** The messages that `unreadMentions` counts. */
  mentionSeqs: number[]
}

/** As clients see it. */
export function toRoomState ({ userId, readMessages, mentionSeqs, ...state }: Membership): RoomState {
  return state
}

/** What a membership is made of. */
export interface MembershipRow extends RoomRow {
  userId: string
  lastSeq: number
  epoch: string
  readSeq: number
  readMessages: number
  messageCount: number
  mentionSeqs: string[] | null
}

/** For a statement that joins `members`, `rooms` and `calledIn`. */
export function membershipColumns (sql: Sql) {
  return sql`
    ${roomColumns(sql)}, rooms.last_seq as "lastSeq", rooms.epoch, rooms.message_count as "messageCount",
    members.read_seq as "readSeq", members.read_messages as "readMessages", called.seqs as "mentionSeqs"`
}

/** The rooms of a user, by room id; of the given ones, or after one. */
export async function listMemberships (
  sql: Sql, userId: string, { roomId, after, limit }: { roomId?: string, after?: string | undefined, limit: number | null }
): Promise<Membership[]> {
  const rows = await sql<MembershipRow[]>`
    select members.user_id as "userId", ${membershipColumns(sql)}
    from members join rooms on rooms.id = members.room_id ${calledIn(sql)}
    where members.user_id = ${userId}
      ${roomId ? sql`and rooms.id = ${roomId}` : sql``} ${after ? sql`and rooms.id > ${after}` : sql``}
    order by members.room_id limit ${limit}`
  return rows.map(toMembership)
}

export function toMembership (row: MembershipRow): Membership {
  const mentionSeqs = (row.mentionSeqs ?? []).map(Number)
  return {
    userId: row.userId,
    room: toRoom(row),
    lastSeq: row.lastSeq,
    epoch: row.epoch,
    readSeq: row.readSeq,
    readMessages: row.readMessages,
    unread: row.messageCount - row.readMessages,
    mentionSeqs,
    unreadMentions: mentionSeqs.length
  }
}

/** All rooms of somebody, and the version that they stand at: it is raised with every room that one enters or leaves. */
export interface Memberships {
  version: number
  memberships: Membership[]
}

/** All rooms of each of these users, by room id. Rooms and version are of one snapshot, because it is one statement. */
export async function listMembershipsOf (sql: Sql, userIds: string[]): Promise<Map<string, Memberships>> {
  const rows = await sql<Array<{ version: number } & (MembershipRow | { userId: string, id: null })>>`
    select users.id as "userId", users.memberships_version as version, ${membershipColumns(sql)}
    from users
    left join members on members.user_id = users.id
    left join rooms on rooms.id = members.room_id ${calledIn(sql)}
    where users.id = any(${userIds}::uuid[])
    order by members.room_id`
  const found = new Map<string, Memberships>()
  for (const { version, ...row } of rows) {
    const user = found.get(row.userId) ?? { version, memberships: [] }
    found.set(row.userId, user)
    // In no room, or in one that is deleted and not yet tidied away.
    if (row.id !== null) user.memberships.push(toMembership(row))
  }
  return found
}

/** Those of these users whose memberships stand at another version than is known here, and at which. */
export async function listMembershipChanges (
  sql: Sql, known: Array<{ userId: string, version: number }>
): Promise<Array<{ userId: string, version: number }>> {
  return await sql<Array<{ userId: string, version: number }>>`
    select users.id as "userId", users.memberships_version as version
    from unnest(
      ${known.map(({ userId }) => userId)}::uuid[], ${known.map(({ version }) => version)}::bigint[]
    ) as known (user_id, version)
    join users on users.id = known.user_id and users.memberships_version <> known.version`
}

/** Moves a read mark forward, at most to the room's end. Says whether it moved; undefined for a stranger. */
export async function moveReadMark (
  sql: Sql, { roomId, userId, seq }: { roomId: string, userId: string, seq: number }
): Promise<{ readSeq: number, moved: boolean } | undefined> {
  const [row] = await sql<Array<{ readSeq: number, moved: boolean }>>`
    with mark as (
      select least(${seq}::bigint, last_seq) as seq from rooms where id = ${roomId}
    ), moved as (
      update members m set read_seq = mark.seq, read_messages = e.message_number
      from mark join room_events e on e.room_id = ${roomId} and e.seq = mark.seq
      where m.room_id = ${roomId} and m.user_id = ${userId} and m.read_seq < mark.seq
      returning m.read_seq
    ), uncalled as (
      delete from mentions using mark
      where mentions.user_id = ${userId} and mentions.room_id = ${roomId} and mentions.seq <= mark.seq
    )
    select coalesce(moved.read_seq, greatest(m.read_seq, mark.seq)) as "readSeq", moved.read_seq is not null as moved
    from members m left join mark on true left join moved on true
    where m.room_id = ${roomId} and m.user_id = ${userId}`
  return row
}
