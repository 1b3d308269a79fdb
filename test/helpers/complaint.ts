import { ConfigError, readConfig } from '../../plugins/config.ts'
import { testEnvironment } from './node.ts'

const nowhere = { databaseUrl: 'postgres://127.0.0.1/none', redisUrl: 'redis://127.0.0.1', redisPrefix: 'none' }

/** What a node says that refuses these settings; nothing when it takes them. */
export function complaint (settings: Record<string, string>): string {
  try {
    readConfig(testEnvironment(nowhere, settings))
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
  return ''
}
