import { startPostgres } from '../../cluster/postgres.ts'
import { startRedis } from '../../cluster/redis.ts'

export interface RunningStores {
  env: { TEST_DATABASE_URL: string, TEST_REDIS_URL: string }
  stop: () => Promise<void>
}

/** Starts a quick Postgres and a Redis for the tests, unless the environment names some to use. */
export async function startStores (env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<RunningStores> {
  const log = (line: string) => console.log(line)
  const started = await Promise.allSettled([
    env.TEST_DATABASE_URL ? borrowed(env.TEST_DATABASE_URL) : startPostgres({ fast: true, log, signal }),
    env.TEST_REDIS_URL ? borrowed(env.TEST_REDIS_URL) : startRedis({ log, signal })
  ] as const)
  const [postgres, redis] = started
  const stop = async () => {
    await Promise.all(started.map(async (result) => { if (result.status === 'fulfilled') await result.value.stop() }))
  }
  if (postgres.status === 'fulfilled' && redis.status === 'fulfilled') {
    return { env: { TEST_DATABASE_URL: postgres.value.url, TEST_REDIS_URL: redis.value.url }, stop }
  }
  await stop()
  throw (postgres.status === 'rejected' ? postgres : redis as PromiseRejectedResult).reason
}

/** Somebody else started it, and stops it. */
async function borrowed (url: string): Promise<{ url: string, stop: () => Promise<void> }> {
  return { url, stop: async () => {} }
}
