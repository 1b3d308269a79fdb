import { randomBytes } from 'node:crypto'
import { Redis } from 'ioredis'
import postgres from 'postgres'
import { ensureTemplate } from './template.ts'

/** What helpers need of a tap test: something that is called when it ends, last in first out. */
export interface Ending {
  teardown: (handler: () => unknown) => void
}

/** A database of the test's own, and names of its own in Redis. Several nodes on the same stores are a cluster. */
export interface Stores {
  databaseUrl: string
  redisUrl: string
  redisPrefix: string
}

function required (name: string): string {
  const value = process.env[name]
  if (value) return value
  throw new Error(`${name} is not set: run the tests with \`npm test\` (one file: \`npm test -- test/<folder>/<file>.test.ts\`).`)
}

/** Makes an empty, migrated database and a prefix for Redis; both are removed when the test ends. */
export async function createStores (t: Ending): Promise<Stores> {
  const adminUrl = required('TEST_DATABASE_URL')
  const redisUrl = required('TEST_REDIS_URL')
  const name = `parley_test_${process.pid}_${randomBytes(5).toString('hex')}`
  const template = await ensureTemplate(adminUrl)
  await asAdmin(adminUrl, (sql) => sql`create database ${sql(name)} template ${sql(template)}`)
  t.teardown(() => asAdmin(adminUrl, (sql) => sql`drop database if exists ${sql(name)} with (force)`))

  const redisPrefix = name.replaceAll('_', '-')
  t.teardown(() => removeKeys(redisUrl, redisPrefix))

  const databaseUrl = new URL(adminUrl)
  databaseUrl.pathname = `/${name}`
  return { databaseUrl: databaseUrl.href, redisUrl, redisPrefix }
}

async function asAdmin (url: string, work: (sql: postgres.Sql) => Promise<unknown>): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {}, connect_timeout: 10 })
  try {
    await work(sql)
  } finally {
    await sql.end({ timeout: 1 })
  }
}

async function removeKeys (url: string, prefix: string): Promise<void> {
  const redis = new Redis(url, { maxRetriesPerRequest: 1 })
  try {
    for await (const keys of redis.scanStream({ match: `${prefix}:*`, count: 1000 })) {
      const found = keys as string[]
      if (found.length > 0) await redis.unlink(...found)
    }
  } finally {
    redis.disconnect()
  }
}
