import { sql } from 'drizzle-orm'
import { bigint, index, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import type { EndReason } from '../../contract/index.ts'

export const users = pgTable('users', {
  id: uuid().primaryKey(),
  /** In lower case, as everywhere. */
  username: text().notNull().unique(),
  displayName: text('display_name').notNull(),
  email: text(),
  /** When its owner followed a link sent to this address; null for one that nobody has proved. */
  emailVerifiedAt: timestamp('email_verified_at', { withTimezone: true, precision: 3 }),
  /** Null for somebody who only ever came from an identity provider. */
  passwordHash: text('password_hash'),
  /**
   * Raised by a new password, and by ending all other sessions: a session that began under an older number is dead,
   * also one whose login was still under way.
   */
  sessionGeneration: bigint('session_generation', { mode: 'number' }).notNull().default(0),
  /** Why it was raised last: what the sockets of the sessions that this ended are told. */
  generationReason: text('generation_reason').$type<EndReason>(),
  /** The one session that outlived the last raise. */
  keptSessionId: uuid('kept_session_id'),
  createdAt: timestamp('created_at', { withTimezone: true, precision: 3 }).notNull().defaultNow(),
  lastSeenAt: timestamp('last_seen_at', { withTimezone: true, precision: 3 }),
  /** Raised with every room this user enters or leaves; nodes compare it to find a notice that was lost. */
  membershipsVersion: bigint('memberships_version', { mode: 'number' }).notNull().default(0)
}, (table) => [
  index('users_username_prefix').on(sql`${table.username} text_pattern_ops`),
  index('users_display_name_prefix').on(sql`lower(${table.displayName}) text_pattern_ops`),
  index('users_verified_email').on(sql`lower(${table.email})`).where(sql`${table.emailVerifiedAt} is not null`)
])
