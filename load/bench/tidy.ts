import postgres from 'postgres'
import type { BenchStores } from './stage.ts'

/** Somebody's own Postgres may hold more than what is measured. */
const mostMs = 60_000

/** What was written is tidied up now, and not when Postgres next thinks of it (once a minute), which could be in anybody's window. */
export async function tidy ({ databaseUrl }: Pick<BenchStores, 'databaseUrl'>): Promise<void> {
  const sql = postgres(databaseUrl, { max: 1, fetch_types: false, connect_timeout: 10, connection: { statement_timeout: mostMs } })
  try {
    await sql`vacuum (analyze) room_events, rooms, members`
  } finally {
    await sql.end()
  }
}
