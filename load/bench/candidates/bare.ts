import { scriptPath } from '../server-process.ts'
import { createCandidate } from './candidate.ts'

/** Socket.IO with the Redis adapter: one event for each message. */
export const bare = createCandidate('bare', (stage, { redisUrl }) => ({
  script: scriptPath('./baseline/server.js'),
  env: { REDIS_URL: redisUrl, REDIS_PREFIX: `${stage.stores.redisPrefix}-bare`, BATCH_MS: '0' }
}))
