import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import postgres from 'postgres'
import type { BenchStores } from './stage.ts'

/** What the stores have been asked since they began. */
interface StoreCounts {
  /** Commands, those that scripts run included. */
  redisCommands: number
  /** How often Redis read from a connection: commands that came together count once. */
  redisReads: number
  commits: number
}

const flushMs = 500

/** What the stores are asked while this is done, for each of as many as it says. */
export async function countAsked (stores: BenchStores, work: () => Promise<number>): Promise<Record<string, number>> {
  const before = await readStoreCounts(stores)
  const count = await work()
  const after = await readStoreCounts(stores)
  return {
    redisCommands: (after.redisCommands - before.redisCommands) / count,
    redisReads: (after.redisReads - before.redisReads) / count,
    commits: (after.commits - before.commits) / count
  }
}

async function readStoreCounts (stores: BenchStores): Promise<StoreCounts> {
  return { ...await readRedis(stores), commits: await readCommits(stores) }
}

async function readRedis ({ redisUrl }: BenchStores): Promise<Omit<StoreCounts, 'commits'>> {
  const redis = new Redis(redisUrl)
  try {
    const commands = [...(await redis.info('commandstats')).matchAll(/:calls=(\d+)/g)]
    const [, reads] = /total_reads_processed:(\d+)/.exec(await redis.info('stats')) ?? []
    return { redisCommands: commands.reduce((sum, [, calls]) => sum + Number(calls), 0), redisReads: Number(reads) }
  } finally {
    redis.disconnect()
  }
}

/** A connection of Postgres tells what it has done late, but at its end: idle ones are ended, and come back when needed. */
async function readCommits ({ databaseUrl }: BenchStores): Promise<number> {
  const sql = postgres(databaseUrl, { max: 1, fetch_types: false })
  try {
    await sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and state = 'idle' and pid <> pg_backend_pid()`
    await sleep(flushMs)
    const [row] = await sql<Array<{ commits: string }>>`
      select xact_commit as commits from pg_stat_database where datname = current_database()`
    return Number(row?.commits)
  } finally {
    await sql.end()
  }
}
