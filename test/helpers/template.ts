import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import postgres from 'postgres'
import { migrateDatabase } from '../../db/migrate.ts'

const migrations = new URL('../../db/migrations/', import.meta.url)
/** Any number will do: test files that start together take turns. */
const templateLock = 7_270_310_150_002n

/** The name says what is in it, so that another set of migrations makes another template. */
function templateName (): string {
  const hash = createHash('sha256')
  // With the journal, which says which of them there are, and when.
  const files = readdirSync(fileURLToPath(migrations)).filter((file) => file.endsWith('.sql')).sort().concat('meta/_journal.json')
  for (const file of files) hash.update(file).update(readFileSync(new URL(file, migrations)))
  return `parley_template_${hash.digest('hex').slice(0, 12)}`
}

async function exists (sql: postgres.Sql, name: string): Promise<boolean> {
  return (await sql`select 1 from pg_database where datname = ${name}`).length > 0
}

/** Makes the migrated database that the tests' databases are copies of, unless somebody has, and returns its name. */
export async function ensureTemplate (adminUrl: string): Promise<string> {
  const name = templateName()
  const sql = postgres(adminUrl, { max: 1, onnotice: () => {}, connect_timeout: 10 })
  try {
    if (await exists(sql, name)) return name
    await sql`select pg_advisory_lock(${templateLock.toString()}::bigint)`
    if (!await exists(sql, name)) await makeTemplate(sql, adminUrl, name)
    return name
  } finally {
    await sql.end({ timeout: 1 })
  }
}

/** It gets its name at the end, so that one cut short is never taken for a whole one. */
async function makeTemplate (sql: postgres.Sql, adminUrl: string, name: string): Promise<void> {
  const draft = `${name}_draft`
  await sql`drop database if exists ${sql(draft)} with (force)`
  await sql`create database ${sql(draft)}`
  const url = new URL(adminUrl)
  url.pathname = `/${draft}`
  await migrateDatabase(url.href)
  await sql`alter database ${sql(draft)} rename to ${sql(name)}`
}
