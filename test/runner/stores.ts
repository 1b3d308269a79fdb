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
    env.TEST_DATABASE_URL ? undefined : startPostgres({ fast: true, log, signal }),
    env.TEST_REDIS_URL ? undefined : startRedis({ log, signal }),
  ] as const)
  const stop = async () => {
    await Promise.all(started.map(async (result) => { if (result.status === 'fulfilled') await result.value?.stop() }))
  }
  const failed = started.find((result) => result.status === 'rejected')
  if (failed) {
    await stop()
    throw failed.reason
  }
  const [postgres, redis] = started.map((result) => result.status === 'fulfilled' ? result.value?.url : undefined)
  return {
    env: { TEST_DATABASE_URL: env.TEST_DATABASE_URL || postgres || '', TEST_REDIS_URL: env.TEST_REDIS_URL || redis || '' },
    stop,
  }
}
