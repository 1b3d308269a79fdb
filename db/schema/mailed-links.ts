import { index, pgTable, text, timestamp, unique, uuid } from 'drizzle-orm/pg-core'
import { users } from './users.ts'

/** Links that work once: whoever follows one has read the mail, or was handed it by an administrator. */
export const mailedLinks = pgTable('mailed_links', {
  /** SHA-256 of the link's token, in hex: who reads this table can follow no link. */
  tokenHash: text('token_hash').primaryKey(),
  userId: uuid('user_id').notNull().references(() => users.id, { onDelete: 'cascade' }),
  purpose: text().$type<'recovery' | 'verification'>().notNull(),
  /** The address that it proves, as it was then; null for one that an administrator made. */
  email: text(),
  expiresAt: timestamp('expires_at', { withTimezone: true, precision: 3 }).notNull()
}, (table) => [
  // The newest takes the place of the one before, also when two are made at once.
  unique('mailed_links_newest').on(table.userId, table.purpose),
  index('mailed_links_expiry').on(table.expiresAt)
])
