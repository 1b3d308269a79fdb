import { fileURLToPath } from 'node:url'
import { drizzle } from 'drizzle-orm/postgres-js'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import { migrate } from 'drizzle-orm/postgres-js/migrator'
import postgres from 'postgres'

/** Any number will do, as long as every node takes the same. */
const migrationLock = 7_270_310_150_001n

const files = { migrationsFolder: fileURLToPath(new URL('migrations', import.meta.url)) }

/** The schema has been changed by a later release than this one, which knows nothing of what it holds now. */
export class NewerSchemaError extends Error {
  constructor () {
    super('the database belongs to a newer release')
  }
}

/**
 * Brings the schema up to date. Nodes that start together take turns: the lock belongs to the one connection that the
 * migrations run on, and goes with it.
 *
 * @throws NewerSchemaError when the schema is beyond what this release knows.
 */
export async function migrateDatabase (url: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {}, connect_timeout: 5 })
  try {
    await sql`select pg_advisory_lock(${migrationLock.toString()}::bigint)`
    await refuseNewer(sql)
    await migrate(drizzle(sql), files)
  } finally {
    await sql.end({ timeout: 2 })
  }
}

async function refuseNewer (sql: postgres.Sql): Promise<void> {
  const [table] = await sql<{ found: boolean }[]>`select to_regclass('drizzle.__drizzle_migrations') is not null as found`
  if (!table?.found) return
  const [newest] = await sql<{ when: string | null }[]>`select max(created_at) as when from drizzle.__drizzle_migrations`
  if (Number(newest?.when) > (readMigrationFiles(files).at(-1)?.folderMillis ?? 0)) throw new NewerSchemaError()
}
