import fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import { limits } from './contract/index.ts'
import { configPlugin, type Config } from './plugins/config.ts'
import { databasePlugin } from './plugins/database.ts'
import { errorsPlugin } from './plugins/errors.ts'
import { redisPlugin } from './plugins/redis.ts'
import { validationPlugin } from './plugins/validation.ts'

export interface AppOptions {
  config: Config
  /** Where to log; silent when left out. */
  logger?: FastifyBaseLogger
}

/** Builds a node of Parley: every capability, in the order in which they stand on each other. Opens no port. */
export async function buildApp ({ config, logger }: AppOptions): Promise<FastifyInstance> {
  const app = fastify({
    ...(logger && { loggerInstance: logger }),
    bodyLimit: limits.payloadBytes,
    trustProxy: config.TRUST_PROXY || false,
    genReqId: () => crypto.randomUUID()
  })

  // What everything stands on
  await app.register(configPlugin, { config })
  await app.register(errorsPlugin)
  await app.register(validationPlugin)
  await app.register(databasePlugin)
  await app.register(redisPlugin)

  // Who is asking

  // The verbs

  // Sockets

  // REST
  app.get('/healthz', () => ({ status: 'ok' }))
  app.get('/readyz', () => ({ status: 'ok' }))

  return app
}
