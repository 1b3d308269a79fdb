import { sql } from 'drizzle-orm'
import { bigint, index, jsonb, pgEnum, pgTable, primaryKey, text, timestamp, unique, uuid } from 'drizzle-orm/pg-core'

export const roomEventType = pgEnum('room_event_type', [
  'message.sent', 'message.edited', 'message.deleted', 'reaction.added', 'reaction.removed',
  'member.joined', 'member.left', 'member.changed', 'room.changed'
])

/**
 * The log of every room.
 *
 * A text stands in one place only, the `message.sent` row, and is what the message says now; events are read through
 * it, so that an edit or a deletion leaves no older text behind anywhere.
 *
 * Without foreign keys: rows are only written under the lock of their room, and the checks would cost as much as the insert.
 */
export const roomEvents = pgTable('room_events', {
  roomId: uuid('room_id').notNull(),
  seq: bigint({ mode: 'number' }).notNull(),
  id: uuid().notNull(),
  type: roomEventType().notNull(),
  actorId: uuid('actor_id').notNull(),
  at: timestamp({ withTimezone: true, precision: 3 }).notNull(),
  /** How many `message.sent` the log holds up to here. */
  messageNumber: bigint('message_number', { mode: 'number' }).notNull(),
  /** message.sent: what it says now; null once deleted. */
  text: text(),
  replyTo: bigint('reply_to', { mode: 'number' }),
  /** message.sent: the seq of the event that edited it last. */
  editSeq: bigint('edit_seq', { mode: 'number' }),
  editedAt: timestamp('edited_at', { withTimezone: true, precision: 3 }),
  deletedAt: timestamp('deleted_at', { withTimezone: true, precision: 3 }),
  /** message.edited, message.deleted, reaction.*: the message's seq. */
  targetSeq: bigint('target_seq', { mode: 'number' }),
  /** What the other types say; message.sent: whom it mentions and what is attached, if anything. */
  data: jsonb()
}, (table) => [
  primaryKey({ columns: [table.roomId, table.seq] }),
  unique('room_events_id').on(table.roomId, table.id),
  // Words as they are written, in whatever language: no stemming, no stop words.
  index('room_events_search').using('gin', sql`to_tsvector('simple', ${table.text})`)
    .where(sql`${table.type} = 'message.sent' and ${table.text} is not null`)
])

export const reactions = pgTable('reactions', {
  roomId: uuid('room_id').notNull(),
  seq: bigint({ mode: 'number' }).notNull(),
  emoji: text().notNull(),
  userId: uuid('user_id').notNull(),
  /** The event that added it. */
  eventSeq: bigint('event_seq', { mode: 'number' }).notNull()
}, (table) => [
  primaryKey({ columns: [table.roomId, table.seq, table.emoji, table.userId] })
])
