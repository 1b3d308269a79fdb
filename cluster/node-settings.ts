import { join } from 'node:path'
import { readConfig, type Config } from '../plugins/config.ts'
import { readOrMakeSecret } from './secret.ts'
import type { ClusterOptions, StoreUrls } from './start.ts'

export interface Surroundings extends StoreUrls {
  publicUrl: string
}

/** What every node is told, beside what this process was told itself. */
export function nodeEnvironment (
  { dataDir, env, limits }: ClusterOptions, { databaseUrl, publicUrl, redisUrl }: Surroundings, given = process.env
): Record<string, string> {
  return {
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl,
    PUBLIC_URL: given.PUBLIC_URL || publicUrl,
    SESSION_SECRET: given.SESSION_SECRET || readOrMakeSecret(dataDir),
    TRUST_PROXY: given.TRUST_PROXY || 'loopback',
    FILES_DIR: given.FILES_DIR || join(dataDir, 'files'),
    LOG_LEVEL: given.LOG_LEVEL || 'warn',
    ...(limits ? { LIMITS: limits } : {}),
    ...env,
  }
}

/**
 * Reads the settings as a node will, so that what every node would refuse is said once, and before anything starts.
 *
 * @throws ConfigError naming each setting that is missing or wrong.
 */
export function checkNodeSettings (options: ClusterOptions): Config {
  const { databaseUrl = 'postgres://127.0.0.1/parley', drainSeconds = 3, redisUrl = 'redis://127.0.0.1' } = options
  const common = nodeEnvironment(options, { databaseUrl, redisUrl, publicUrl: 'http://localhost' })
  return readConfig({ ...process.env, ...common, HOST: '127.0.0.1', PORT: '0', NODE_NAME: 'n1', DRAIN_SECONDS: String(drainSeconds) })
}
