import { sql } from 'drizzle-orm'
import { boolean, index, integer, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core'

/** Files that were uploaded to a room. What is in them lies in the file store, under this id. */
export const attachments = pgTable('attachments', {
  id: uuid().primaryKey(),
  /** No foreign key: the row outlives its room until the files are gone. */
  roomId: uuid('room_id').notNull(),
  uploaderId: uuid('uploader_id').notNull(),
  /** The message that shows it, by its sender's id; null until it is sent. */
  messageId: uuid('message_id'),
  name: text().notNull(),
  /** The media type, as its bytes say. */
  type: text().notNull(),
  /** In bytes. */
  size: integer().notNull(),
  /** Of a picture, in pixels. */
  width: integer(),
  height: integer(),
  hasThumbnail: boolean('has_thumbnail').notNull().default(false),
  createdAt: timestamp('created_at', { withTimezone: true, precision: 3 }).notNull().defaultNow()
}, (table) => [
  index('attachments_by_message').on(table.roomId, table.messageId),
  index('attachments_unsent').on(table.createdAt).where(sql`${table.messageId} is null`)
])
