import { createCandidate } from './candidate.ts'

export const parley = createCandidate('parley', ({ server, stores, sessionSecret }, { name, redisUrl }) => ({
  script: server,
  env: {
    DATABASE_URL: stores.databaseUrl,
    REDIS_URL: redisUrl,
    REDIS_PREFIX: stores.redisPrefix,
    SESSION_SECRET: sessionSecret,
    NODE_ENV: 'development', // production refuses relaxed limits
    NODE_NAME: name,
    LIMITS: 'relaxed',
    LOG_LEVEL: 'warn',
    DRAIN_SECONDS: '0'
  }
}))
