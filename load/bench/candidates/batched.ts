import { scriptPath } from '../server-process.ts'
import { createCandidate } from './candidate.ts'

/** How long what is said in a room is gathered. */
export const batchMs = 5

/** The same with events batched per room, so that batching alone is not taken for something else. */
export const batched = createCandidate('batched', (stage, { redisUrl }) => ({
  script: scriptPath('./baseline/server.js'),
  env: { REDIS_URL: redisUrl, REDIS_PREFIX: `${stage.stores.redisPrefix}-batched`, BATCH_MS: String(batchMs) }
}))
