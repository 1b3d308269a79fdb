import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { DrizzleQueryError } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/postgres-js'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import { migrate } from 'drizzle-orm/postgres-js/migrator'
import postgres from 'postgres'
import { isLockTimeout } from './failures.ts'

/** Any number will do, as long as every node takes the same. */
const migrationLock = 7_270_310_150_001n

const files = { migrationsFolder: fileURLToPath(new URL('migrations', import.meta.url)) }

/** The schema has been changed by a later release than this one, which knows nothing of what it holds now. */
export class NewerSchemaError extends Error {
  constructor () {
    super('the database belongs to a newer release')
  }
}

/** Somebody else has used the tables for as long as we could wait. */
export class TablesHeldError extends Error {
  constructor () {
    super('something holds the tables that are to be changed, a backup or a long query')
  }
}

export interface MigrationPatience {
  /** For how long tables that are held are tried again; whoever starts the node waits a little longer than this. */
  patienceMs?: number
  pauseMs?: number
}

/**
 * Brings the schema up to date. Nodes that start together take turns: the lock belongs to the one connection that the
 * migrations run on, and goes with it.
 *
 * @throws NewerSchemaError when the schema is beyond what this release knows; TablesHeldError.
 */
export async function migrateDatabase (url: string, { patienceMs = 45_000, pauseMs = 2000 }: MigrationPatience = {}): Promise<void> {
  const deadline = Date.now() + patienceMs
  const sql = postgres(url, { max: 1, onnotice: () => {}, connect_timeout: 5 })
  try {
    while (!await tryToMigrate(sql)) {
      if (Date.now() > deadline) throw new TablesHeldError()
      await wait(pauseMs)
    }
  } finally {
    await sql.end({ timeout: 2 })
  }
}

/**
 * Whatever asks for a table while a change of it waits, waits behind that: after a moment everybody else goes first.
 *
 * @returns whether the schema is up to date; if not, somebody holds its tables.
 */
async function tryToMigrate (sql: postgres.Sql): Promise<boolean> {
  // Whoever has the lock already gets it again.
  await sql`set lock_timeout = 0`
  await sql`select pg_advisory_lock(${migrationLock.toString()}::bigint)`
  await refuseNewer(sql)
  await sql`set lock_timeout = '2s'`
  try {
    await migrate(drizzle(sql), files)
    return true
  } catch (error) {
    const reason = error instanceof DrizzleQueryError ? error.cause : error
    if (isLockTimeout(reason)) return false
    throw reason
  }
}

async function refuseNewer (sql: postgres.Sql): Promise<void> {
  const [table] = await sql<{ found: boolean }[]>`select to_regclass('drizzle.__drizzle_migrations') is not null as found`
  if (!table?.found) return
  const [newest] = await sql<{ when: string | null }[]>`select max(created_at) as when from drizzle.__drizzle_migrations`
  if (Number(newest?.when) > (readMigrationFiles(files).at(-1)?.folderMillis ?? 0)) throw new NewerSchemaError()
}
