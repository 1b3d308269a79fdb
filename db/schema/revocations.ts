import { index, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import type { EndReason } from '../../contract/index.ts'
import { users } from './users.ts'

/** Sessions that were ended before their time: dead, even if a Redis failover brings their key back. */
export const revocations = pgTable('revocations', {
  sessionId: uuid('session_id').primaryKey(),
  userId: uuid('user_id').notNull().references(() => users.id, { onDelete: 'cascade' }),
  reason: text().$type<EndReason>().notNull(),
  /** When the session would have expired at the latest: then the row has done its work. */
  until: timestamp({ withTimezone: true, precision: 3 }).notNull()
}, (table) => [
  index('revocations_until').on(table.until)
])
