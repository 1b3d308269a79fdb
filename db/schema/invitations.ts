import { index, integer, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import { rooms } from './rooms.ts'
import { users } from './users.ts'

/** Links that let whoever has them into a room. */
export const invitations = pgTable('invitations', {
  id: uuid().primaryKey(),
  roomId: uuid('room_id').notNull().references(() => rooms.id, { onDelete: 'cascade' }),
  /** SHA-256 of the link's token, in hex: who reads this table can follow no link. */
  tokenHash: text('token_hash').notNull().unique(),
  createdBy: uuid('created_by').notNull().references(() => users.id),
  createdAt: timestamp('created_at', { withTimezone: true, precision: 3 }).notNull().defaultNow(),
  expiresAt: timestamp('expires_at', { withTimezone: true, precision: 3 }).notNull(),
  /** How many it lets in altogether; null: whoever has it. */
  maxUses: integer('max_uses'),
  uses: integer().notNull().default(0)
}, (table) => [
  index('invitations_by_room').on(table.roomId)
])
