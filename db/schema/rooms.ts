import { sql } from 'drizzle-orm'
import { bigint, index, integer, pgEnum, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import { users } from './users.ts'

export const roomKind = pgEnum('room_kind', ['public', 'private', 'direct'])
export const memberRole = pgEnum('member_role', ['owner', 'admin', 'member'])

/** A room, and the end of its log. The row's lock is what puts the log's events in order. */
export const rooms = pgTable('rooms', {
  id: uuid().primaryKey(),
  kind: roomKind().notNull(),
  name: text(),
  topic: text(),
  /** `<user id>:<user id>`, the smaller first: at most one direct room for a pair. */
  directKey: text('direct_key').unique(),
  createdAt: timestamp('created_at', { withTimezone: true, precision: 3 }).notNull().defaultNow(),
  /** From then on it is read and not written. */
  archivedAt: timestamp('archived_at', { withTimezone: true, precision: 3 }),
  lastSeq: bigint('last_seq', { mode: 'number' }).notNull().default(0),
  /** How many of the log's events are `message.sent`: unread counts are differences of this. */
  messageCount: bigint('message_count', { mode: 'number' }).notNull().default(0),
  memberCount: integer('member_count').notNull().default(0),
  /** Raised with every change of members or roles: what a decision was based on, and is compared with. */
  membersVersion: bigint('members_version', { mode: 'number' }).notNull().default(0),
  /** Raised with every ban, and every mute kept for somebody who left: a join that was decided before does not happen. */
  entryVersion: bigint('entry_version', { mode: 'number' }).notNull().default(0),
  epoch: uuid().notNull().default(sql`gen_random_uuid()`)
}, (table) => [
  index('rooms_directory').on(sql`lower(${table.name})`, table.id).where(sql`${table.kind} = 'public'`)
])

/** Rooms that were deleted and whose logs have not been removed to the end. */
export const roomRemains = pgTable('room_remains', { roomId: uuid('room_id').primaryKey() })

export const members = pgTable('members', {
  roomId: uuid('room_id').notNull().references(() => rooms.id, { onDelete: 'cascade' }),
  userId: uuid('user_id').notNull().references(() => users.id),
  role: memberRole().notNull(),
  joinedAt: timestamp('joined_at', { withTimezone: true, precision: 3 }).notNull().defaultNow(),
  readSeq: bigint('read_seq', { mode: 'number' }).notNull().default(0),
  /** The room's message count at `read_seq`. */
  readMessages: bigint('read_messages', { mode: 'number' }).notNull().default(0),
  /** Until then this member reads and does not speak; the end of the year 9999: until it is lifted. */
  mutedUntil: timestamp('muted_until', { withTimezone: true, precision: 3 })
}, (table) => [
  primaryKey({ columns: [table.roomId, table.userId] }),
  index('members_by_user').on(table.userId, table.roomId)
])

/** Who may not come in again until somebody lifts it. */
export const bans = pgTable('bans', {
  roomId: uuid('room_id').notNull().references(() => rooms.id, { onDelete: 'cascade' }),
  userId: uuid('user_id').notNull().references(() => users.id),
  bannedBy: uuid('banned_by').notNull().references(() => users.id),
  bannedAt: timestamp('banned_at', { withTimezone: true, precision: 3 }).notNull().defaultNow(),
  reason: text()
}, (table) => [
  primaryKey({ columns: [table.roomId, table.userId] })
])

/** Mutes of those who left while muted: leaving and coming back washes nothing off. */
export const keptMutes = pgTable('kept_mutes', {
  roomId: uuid('room_id').notNull().references(() => rooms.id, { onDelete: 'cascade' }),
  userId: uuid('user_id').notNull().references(() => users.id),
  mutedUntil: timestamp('muted_until', { withTimezone: true, precision: 3 }).notNull()
}, (table) => [
  primaryKey({ columns: [table.roomId, table.userId] })
])
