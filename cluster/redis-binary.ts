import type { Log } from './log.ts'
import { fetchRedisWithApt } from './redis-from-apt.ts'
import { isRecent, oldestMajor, type RedisBinary } from './redis-version.ts'

const advice = `There is no Redis ${oldestMajor} or later here. Install one (brew install redis, apt install redis-server), ` +
  'set REDIS_URL to one that runs elsewhere, or run everything with docker compose up.'

/** A Redis on the PATH, or else a private copy from the system's own packages. */
export async function findRedis (dataDir: string, log: Log, signal?: AbortSignal): Promise<RedisBinary> {
  for (const command of ['redis-server', 'valkey-server']) {
    const binary = { command, env: {} }
    if (isRecent(binary)) return binary
  }
  try {
    return await fetchRedisWithApt(dataDir, log, signal)
  } catch (error) {
    signal?.throwIfAborted()
    throw new Error(`${advice} (${(error as Error).message})`, { cause: error })
  }
}
