import fp from 'fastify-plugin'
import { Redis } from 'ioredis'

export interface RedisClients {
  /** For commands and publishing: fails at once when Redis is away, so that nothing waits and nothing stale follows. */
  commands: Redis
  /** For subscriptions only: waits, and subscribes again by itself. */
  subscriber: Redis
  /** A key or channel of this deployment. */
  name: (...parts: string[]) => string
}

declare module 'fastify' {
  interface FastifyInstance {
    redis: RedisClients
  }
}

/** The default backs off up to 5 s; a restart of Redis should cost a fraction of one. */
const retryStrategy = (attempt: number): number => Math.min(50 * attempt, 500)

/** Redis: sessions, presence and notifications. A node starts without it, and says so in `/readyz`. */
export const redisPlugin = fp(async (app) => {
  const { REDIS_URL: url, REDIS_PREFIX: prefix } = app.config
  const commands = new Redis(url, {
    retryStrategy,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: 500,
    autoResendUnfulfilledCommands: false
  })
  const subscriber = new Redis(url, { retryStrategy, maxRetriesPerRequest: null })

  for (const [name, client] of Object.entries({ commands, subscriber })) {
    let down = false
    client.on('error', (error) => {
      if (!down) app.log.error({ err: error, client: name }, 'redis is away')
      down = true
    })
    client.on('ready', () => {
      if (down) app.log.info({ client: name }, 'redis is back')
      down = false
    })
  }
  await firstAnswer(commands)

  app.decorate('redis', { commands, subscriber, name: (...parts) => [prefix, ...parts].join(':') })
  app.addHook('onClose', () => {
    commands.disconnect()
    subscriber.disconnect()
  })
}, { name: 'redis', dependencies: ['config'] })

/** Settles once Redis is there or has failed for the first time: a node starts either way. */
function firstAnswer (client: Redis): Promise<void> {
  return new Promise((resolve) => {
    client.once('ready', resolve)
    client.once('error', () => { resolve() })
  })
}
