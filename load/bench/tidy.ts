import postgres from 'postgres'
import type { BenchStores } from './stage.ts'

/** What was written is tidied up now, and not when Postgres next thinks of it (once a minute), which could be in anybody's window. */
export async function tidy ({ databaseUrl }: Pick<BenchStores, 'databaseUrl'>): Promise<void> {
  const sql = postgres(databaseUrl, { max: 1, fetch_types: false })
  try {
    await sql`vacuum (analyze)`
  } finally {
    await sql.end()
  }
}
