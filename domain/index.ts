import type { Database } from '../db/client.ts'
import { createAccess } from './access.ts'
import { createHistory } from './history.ts'
import { Log } from './log.ts'
import { createMembers } from './members.ts'
import { createMessages } from './messages.ts'
import { createNotices } from './notices.ts'
import { createRooms } from './rooms.ts'

export interface DomainDeps {
  database: Database
}

/** The verbs: whatever anybody can do, with who may and what it means. */
export function createDomain ({ database: { sql } }: DomainDeps) {
  const log = new Log({ sql })
  const notices = createNotices()
  return {
    log,
    notices,
    access: createAccess({ sql }),
    rooms: createRooms({ sql, log, notices }),
    members: createMembers({ sql, log, notices }),
    messages: createMessages({ sql, log }),
    history: createHistory({ sql })
  }
}

export type Domain = ReturnType<typeof createDomain>
