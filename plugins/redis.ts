import { once } from 'node:events'
import fp from 'fastify-plugin'
import type { Redis } from 'ioredis'
import { isRedisUnavailable } from '../domain/failures.ts'
import { ConfigError } from './config.ts'
import { CorkedRedis } from './redis/corked.ts'
import { untilItAnswers } from './start-up.ts'

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

/** One attempt waits no longer; then it is tried again. */
const attemptMs = 2000

/** Redis: sessions, presence and notifications. */
export const redisPlugin = fp(async (app) => {
  const { REDIS_URL: url, REDIS_PREFIX: prefix } = app.config
  const commands = new CorkedRedis(url, {
    retryStrategy,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    // Long enough that a busy node does not take its own delay for Redis's.
    commandTimeout: 2000,
    // A way that was cut answers nothing, also not that it is cut: lay it anew.
    socketTimeout: 4000,
    autoResendUnfulfilledCommands: false
  })
  const subscriber = new CorkedRedis(url, { retryStrategy, maxRetriesPerRequest: null })

  let lastError: Error | undefined
  for (const [name, client] of Object.entries({ commands, subscriber })) {
    let down = false
    client.on('error', (error) => {
      lastError = error
      if (!down) app.log.error({ err: error, client: name }, 'redis is away')
      down = true
    })
    client.on('ready', () => {
      if (down) app.log.info({ client: name }, 'redis is back')
      down = false
    })
  }
  app.addHook('onClose', () => {
    commands.disconnect()
    subscriber.disconnect()
  })
  try {
    await untilItAnswers({
      name: 'Redis',
      setting: 'REDIS_URL',
      url,
      attempt: async () => {
        await untilConnected(commands)
        try {
          await checkVersion(commands)
        } catch (error) {
          // A command says only that there is no connection; why there is none, the client has said.
          if (lastError && isRedisUnavailable(error)) throw lastError
          throw error
        }
        // With another database than the one asked for it would answer all the same.
        if (lastError && explainRefusal(lastError)) throw lastError
      },
      isAway: (error) => !(error instanceof ConfigError),
      explain: explainRefusal
    })
  } catch (error) {
    commands.disconnect()
    subscriber.disconnect()
    throw error
  }
  app.decorate('redis', { commands, subscriber, name: (...parts) => [prefix, ...parts].join(':') })
}, { name: 'redis', dependencies: ['config'] })

/** Waits for the connection that is being made, or its first error: what that was, the command says that follows. */
async function untilConnected (client: Redis): Promise<void> {
  if (client.status !== 'ready') await once(client, 'ready', { signal: AbortSignal.timeout(attemptMs) }).catch(() => {})
}

/** Sharded channels came with Redis 7. */
async function checkVersion (client: Redis): Promise<void> {
  const [, version = ''] = /redis_version:(\S+)/.exec(await client.info('server')) ?? []
  if (Number.parseInt(version) < 7) throw new ConfigError(`Parley cannot start. It needs Redis 7 or later, or Valkey, and this one is ${version}: use a newer one.`)
}

/** What does not pass by waiting. */
function explainRefusal (error: unknown): string | undefined {
  const message = error instanceof Error ? error.message : ''
  if (message.startsWith('WRONGPASS')) return 'set the user and the password in REDIS_URL to ones that it knows.'
  if (message.startsWith('NOAUTH')) return 'put its password into REDIS_URL, such as redis://:password@host:6379.'
  if (message.startsWith('NOPERM')) return 'let the user in REDIS_URL use all commands, keys and channels.'
  if (message.includes('DB index is out of range')) return 'set REDIS_URL to a database that there is.'
}
