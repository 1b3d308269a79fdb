import { sql } from 'drizzle-orm'
import { bigint, index, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core'

export const users = pgTable('users', {
  id: uuid().primaryKey(),
  /** In lower case, as everywhere. */
  username: text().notNull().unique(),
  displayName: text('display_name').notNull(),
  email: text(),
  passwordHash: text('password_hash').notNull(),
  createdAt: timestamp('created_at', { withTimezone: true, precision: 3 }).notNull().defaultNow(),
  lastSeenAt: timestamp('last_seen_at', { withTimezone: true, precision: 3 }),
  /** Raised with every room this user enters or leaves; nodes compare it to find a notice that was lost. */
  membershipsVersion: bigint('memberships_version', { mode: 'number' }).notNull().default(0)
}, (table) => [
  index('users_username_prefix').on(sql`${table.username} text_pattern_ops`),
  index('users_display_name_prefix').on(sql`lower(${table.displayName}) text_pattern_ops`)
])
