import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { drizzle } from 'drizzle-orm/postgres-js'
import { migrate } from 'drizzle-orm/postgres-js/migrator'
import postgres from 'postgres'
import type { Test } from 'tap'
import { migrateDatabase, TablesHeldError } from '../../db/migrate.ts'
import { createStores } from '../helpers/stores.ts'
import { until } from '../helpers/until.ts'
import { t } from '../suite.ts'

const migrations = fileURLToPath(new URL('../../db/migrations', import.meta.url))

/** A database as the release before left it, which had the first three migrations. */
async function createOldDatabase (t: Test) {
  const { databaseUrl: url } = await createStores(t)
  const sql = postgres(url, { max: 3, onnotice: () => {}, connection: { statement_timeout: 10_000 } })
  t.teardown(() => sql.end({ timeout: 1 }))
  await sql`drop schema drizzle cascade`
  await sql`drop schema public cascade`
  await sql`create schema public`
  const folder = t.testdir()
  cpSync(migrations, folder, { recursive: true })
  const path = join(folder, 'meta/_journal.json')
  const journal = JSON.parse(readFileSync(path, 'utf8')) as { entries: unknown[] }
  writeFileSync(path, JSON.stringify({ ...journal, entries: journal.entries.slice(0, 3) }))
  await migrate(drizzle(sql), { migrationsFolder: folder })
  return { url, sql }
}

/** Somebody who reads the accounts, until they are told to stop. */
async function holdUsers (sql: postgres.Sql): Promise<() => Promise<void>> {
  const reader = await sql.reserve()
  await reader`begin`
  await reader`select count(*) from users`
  return async () => {
    await reader`commit`
    reader.release()
  }
}

const untilSomebodyWaits = (sql: postgres.Sql) => until('somebody waits for the table', async () => {
  const [row] = await sql<{ waits: boolean }[]>`
    select count(*) > 0 as waits from pg_locks where relation = 'users'::regclass and not granted`
  return row?.waits ?? false
})

t.test('while somebody holds a table that is to be changed, others get at it, and then it is changed', async (t) => {
  const { url, sql } = await createOldDatabase(t)
  const release = await holdUsers(sql)
  const migrated = migrateDatabase(url, { pauseMs: 500 })
  await untilSomebodyWaits(sql)
  t.same([...await sql`select username from users`], [], 'while the table is still held')
  await release()
  await migrated
  t.same([...await sql`select email_verified_at from users`], [])
})

t.test('whoever waited in vain says so, and has changed nothing', async (t) => {
  const { url, sql } = await createOldDatabase(t)
  const release = await holdUsers(sql)
  await t.rejects(migrateDatabase(url, { patienceMs: 0 }), new TablesHeldError())
  t.same([...await sql`select to_regclass('identities') as found`], [{ found: null }])
  await release()
})
