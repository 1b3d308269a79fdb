import { randomUUID } from 'node:crypto'
import { openDatabase } from '../../db/client.ts'
import type { Actor } from '../../domain/actor.ts'
import { createAttachments } from '../../domain/attachments.ts'
import { createHistory } from '../../domain/history.ts'
import { Log, type Committed } from '../../domain/log.ts'
import { createMembers } from '../../domain/members.ts'
import { createMessages } from '../../domain/messages.ts'
import { createModeration } from '../../domain/moderation.ts'
import { createNotices } from '../../domain/notices.ts'
import { createRooms } from '../../domain/rooms.ts'
import { createStores, type Ending, type Stores } from '../helpers/stores.ts'

/** The verbs of one node without sockets, on a database of the test's own. */
export async function createWorld (t: Ending, stores?: Stores) {
  const { databaseUrl } = stores ?? await createStores(t)
  const database = openDatabase({ url: databaseUrl, connections: 8 })
  t.teardown(() => database.close())
  const { sql, plannedOnce } = database
  const log = new Log({ sql, plannedOnce })
  const notices = createNotices()
  const committed: Committed[] = []
  log.onCommitted((commit) => { committed.push(commit) })

  const attachments = createAttachments({
    sql, files: null, examine: async () => ({ type: 'text/plain', width: null, height: null, thumbnail: null }), countUpload: async () => {}
  })

  return {
    sql,
    plannedOnce,
    log,
    /** What the node would have told, in the order of its commits. */
    committed,
    rooms: createRooms({ sql, log, notices }),
    members: createMembers({ sql, plannedOnce, log, notices }),
    messages: createMessages({ sql, log, attachments }),
    moderation: createModeration({ sql, log }),
    history: createHistory({ sql }),

    async user (username: string): Promise<Actor> {
      const userId = randomUUID()
      await sql`insert into users (id, username, display_name, password_hash) values (${userId}, ${username}, ${username}, '')`
      return { userId, sessionId: randomUUID() }
    }
  }
}

/** Resolves when some statement of this database waits for a lock. */
export async function untilSomebodyWaits (sql: Awaited<ReturnType<typeof createWorld>>['sql'], count = 1): Promise<void> {
  const deadline = Date.now() + 5000
  for (;;) {
    const rows = await sql`
      select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
    if (rows.length >= count) return
    if (Date.now() > deadline) throw new Error(`No ${count} statements came to wait for a lock within 5 s, but ${rows.length}.`)
  }
}

interface Holding {
  letGo: () => Promise<void>
}

type World = Awaited<ReturnType<typeof createWorld>>

/** Holds a room's lock in a transaction of its own, having done something in it. */
export async function holdRoom ({ sql }: Pick<World, 'sql'>, roomId: string, work?: (transaction: World['sql']) => Promise<void>): Promise<Holding> {
  let letGo = () => {}
  const isOver = new Promise<void>((resolve) => { letGo = resolve })
  let done: Promise<unknown> = Promise.resolve()
  await new Promise<void>((resolve, reject) => {
    done = sql.begin(async (transaction) => {
      await transaction`select from rooms where id = ${roomId} for update`
      await work?.(transaction as unknown as World['sql'])
      resolve()
      await isOver
    })
    done.catch(reject)
  })
  return { async letGo () { letGo(); await done } }
}
