import rateLimit from '@fastify/rate-limit'
import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { ContractError, type CallRate } from '../contract/index.ts'
import { createNodeLimiter, spend } from './limiters.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** What the route of a call needs that has a limit of its own. */
    limitedBy: (rate: CallRate) => Pick<RouteOptions, 'config' | 'onRequest'>
  }
}

/**
 * Limits every route that is registered after it, in Redis, so that it holds over all nodes. While Redis cannot be asked
 * only what this node counts itself is limited: what an address asks at all, and the calls with a limit of their own.
 */
export const rateLimitsPlugin = fp(async (app) => {
  const { rates, redis } = app
  const addressOf = ({ raw }: FastifyRequest): string => app.addressOf(raw)

  // Before anything is read anywhere for a request.
  const requests = createNodeLimiter(rates.addressRequests)
  app.addHook('onRequest', async (request) => { await spend(requests, addressOf(request)) })

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

  app.decorate('limitedBy', (rate) => {
    const { most, windowMs } = rates[rate]
    const onThisNode = createNodeLimiter(rates[rate])
    return {
      onRequest: async (request) => { await spend(onThisNode, addressOf(request)) },
      config: { rateLimit: { max: most, timeWindow: windowMs, keyGenerator: addressOf } }
    }
  })
}, { name: 'rate-limits', dependencies: ['rates', 'redis', 'client-address', 'sessions'] })
