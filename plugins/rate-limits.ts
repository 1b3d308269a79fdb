import rateLimit, { type RateLimitOptions } from '@fastify/rate-limit'
import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { ContractError, type CallRate } from '../contract/index.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** The limit of a call that has one of its own, for the `config` of its route. */
    rateLimitOf: (rate: CallRate) => RateLimitOptions
  }
}

/**
 * Limits every route that is registered after it, in Redis, so that it holds over all nodes. While Redis cannot be asked
 * nobody is limited: what costs much needs Redis as well.
 */
export const rateLimitsPlugin = fp(async (app) => {
  const { rates, redis } = app
  const addressOf = ({ raw }: FastifyRequest): string => app.addressOf(raw)

  await app.register(rateLimit, {
    max: rates.requests.most,
    timeWindow: rates.requests.windowMs,
    // The hook of a route comes after those of its scope: by then the session has been read, if it is read there.
    keyGenerator: (request) => request.liveSession?.userId ?? addressOf(request),
    redis: redis.commands,
    nameSpace: `${redis.name('rate')}:`,
    skipOnError: true,
    errorResponseBuilder: (_request, { ttl }) => new ContractError('rate.limited', { retryAfterMs: ttl })
  })

  app.decorate('rateLimitOf', (rate) => {
    const { most, windowMs } = rates[rate]
    return { max: most, timeWindow: windowMs, keyGenerator: addressOf }
  })
}, { name: 'rate-limits', dependencies: ['rates', 'redis', 'client-address', 'sessions'] })
