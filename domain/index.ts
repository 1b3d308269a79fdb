import type { Database } from '../db/client.ts'
import { createAccess } from './access.ts'
import { createAccounts } from './accounts.ts'
import { createHistory } from './history.ts'
import { Log } from './log.ts'
import { createMembers } from './members.ts'
import { createMessages } from './messages.ts'
import { createNotices } from './notices.ts'
import { createPasswords } from './passwords.ts'
import { createRooms } from './rooms.ts'
import type { SessionLifetimes, SessionStore } from './session.ts'
import { createSessions } from './sessions.ts'

export interface DomainDeps {
  database: Database
  sessionStore: SessionStore
  sessionLifetimes: SessionLifetimes
  /** The cheapest password hashes: for tests and load. */
  relaxed: boolean
  /** Told of a failure that no longer changes an outcome. */
  report: (error: unknown) => void
}

/** The verbs: whatever anybody can do, with who may and what it means. */
export function createDomain ({ database: { sql }, sessionStore, sessionLifetimes, relaxed, report }: DomainDeps) {
  const sessions = createSessions({ sql, store: sessionStore, lifetimes: sessionLifetimes, report })
  const log = new Log({ sql })
  const notices = createNotices()
  return {
    log,
    notices,
    sessions,
    accounts: createAccounts({ sql, passwords: createPasswords({ relaxed }), sessions }),
    access: createAccess({ sql }),
    rooms: createRooms({ sql, log, notices }),
    members: createMembers({ sql, log, notices }),
    messages: createMessages({ sql, log }),
    history: createHistory({ sql })
  }
}

export type Domain = ReturnType<typeof createDomain>
