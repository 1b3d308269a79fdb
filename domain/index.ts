import type { Database } from '../db/client.ts'
import { createAccess } from './access.ts'
import { createAccounts } from './accounts.ts'
import { createAttachments, type AttachmentsDeps } from './attachments.ts'
import { createHistory } from './history.ts'
import { createIdentities } from './identities.ts'
import { createInvitations } from './invitations.ts'
import { createLetters, type Mailer } from './letters.ts'
import { Log } from './log.ts'
import { createMembers } from './members.ts'
import { createMessages } from './messages.ts'
import { createModeration } from './moderation.ts'
import { createNotices } from './notices.ts'
import { createPasswords } from './passwords.ts'
import { createRecovery } from './recovery.ts'
import { createRooms } from './rooms.ts'
import { createSearch } from './search.ts'
import { keepSearchIndexSorted } from './search-index.ts'
import type { SessionLifetimes, SessionStore } from './session.ts'
import { createSessions } from './sessions.ts'

export interface DomainDeps {
  database: Database
  sessionStore: SessionStore
  sessionLifetimes: SessionLifetimes
  /** Null where no way for letters is set up. */
  mailer: Mailer | null
  /** Counts emails that a user sets. @throws `rate.limited` */
  countEmailChange: (userId: string) => Promise<void>
  /** For attachments. */
  files: AttachmentsDeps['files']
  examine: AttachmentsDeps['examine']
  countUpload: AttachmentsDeps['countUpload']
  /** The cheapest password hashes: for tests and load. */
  relaxed: boolean
  /** Told of a failure that no longer changes an outcome. */
  report: (error: unknown) => void
}

/** Of one user. */
const mostSessions = 100

/** The verbs: whatever anybody can do, with who may and what it means. */
export function createDomain ({ database: { sql, plannedOnce }, sessionStore, sessionLifetimes, mailer, countEmailChange, files, examine, countUpload, relaxed, report }: DomainDeps) {
  const sessions = createSessions({
    sql, store: sessionStore, lifetimes: sessionLifetimes, mostPerUser: relaxed ? 1000 * mostSessions : mostSessions, report
  })
  const passwords = createPasswords({ relaxed })
  const letters = createLetters({ sql, mailer })
  const log = new Log({ sql, plannedOnce })
  keepSearchIndexSorted({ sql, log, report })
  const notices = createNotices()
  const members = createMembers({ sql, plannedOnce, log, notices })
  const attachments = createAttachments({ sql, files, examine, countUpload })
  return {
    log,
    notices,
    sessions,
    accounts: createAccounts({ sql, passwords, sessions, letters, countEmailChange }),
    identities: createIdentities({ sql, sessions }),
    recovery: createRecovery({ sql, passwords, sessions, letters }),
    access: createAccess({ sql }),
    rooms: createRooms({ sql, log, notices }),
    members,
    invitations: createInvitations({ sql, members }),
    attachments,
    messages: createMessages({ sql, log, attachments }),
    moderation: createModeration({ sql, log }),
    history: createHistory({ sql }),
    search: createSearch({ sql })
  }
}

export type Domain = ReturnType<typeof createDomain>
