import { bigint, pgTable, primaryKey, uuid } from 'drizzle-orm/pg-core'

/** Who was called by name, and has perhaps not read it. Without foreign keys, like the log; read marks clear it. */
export const mentions = pgTable('mentions', {
  userId: uuid('user_id').notNull(),
  roomId: uuid('room_id').notNull(),
  /** The message's. */
  seq: bigint({ mode: 'number' }).notNull()
}, (table) => [
  primaryKey({ columns: [table.userId, table.roomId, table.seq] })
])
