import { index, pgTable, text, timestamp, unique, uuid } from 'drizzle-orm/pg-core'
import { users } from './users.ts'

/** Who somebody is at an identity provider (OpenID Connect): another way to sign in to the same account. */
export const identities = pgTable('identities', {
  id: uuid().primaryKey(),
  userId: uuid('user_id').notNull().references(() => users.id, { onDelete: 'cascade' }),
  issuer: text().notNull(),
  /** The provider's own, unchanging name for them. */
  subject: text().notNull(),
  /** How the provider calls them, to be shown: an address or a name. */
  label: text(),
  createdAt: timestamp('created_at', { withTimezone: true, precision: 3 }).notNull().defaultNow()
}, (table) => [
  unique('identities_subject').on(table.issuer, table.subject),
  index('identities_by_user').on(table.userId)
])
