import { fileURLToPath } from 'node:url'
import { drizzle } from 'drizzle-orm/postgres-js'
import { migrate } from 'drizzle-orm/postgres-js/migrator'
import postgres from 'postgres'

/** Any number will do, as long as every node takes the same. */
const migrationLock = 7_270_310_150_001n

/**
 * Brings the schema up to date. Nodes that start together take turns: the lock belongs to the one connection that the
 * migrations run on, and goes with it.
 */
export async function migrateDatabase (url: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {}, connect_timeout: 5 })
  try {
    await sql`select pg_advisory_lock(${migrationLock.toString()}::bigint)`
    await migrate(drizzle(sql), { migrationsFolder: fileURLToPath(new URL('migrations', import.meta.url)) })
  } finally {
    await sql.end({ timeout: 2 })
  }
}
