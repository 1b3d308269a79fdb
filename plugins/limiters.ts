import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible'
import { ContractError } from '../contract/index.ts'
import type { Rate } from './rates.ts'
import type { RedisClients } from './redis.ts'

/** Counts over all nodes, by keys under `rate:<kind>`; windows are counted in whole seconds. */
export function createSharedLimiter ({ commands, name }: Pick<RedisClients, 'commands' | 'name'>, kind: string, { most, windowMs }: Rate): RateLimiterRedis {
  return new RateLimiterRedis({
    storeClient: commands,
    keyPrefix: name('rate', kind),
    points: most,
    duration: windowMs / 1000,
    // From then on this node refuses without asking: an attack costs Redis nothing.
    inMemoryBlockOnConsumed: most + 1
  })
}

/** Counts on this node, and asks nobody. */
export function createNodeLimiter ({ most, windowMs }: Rate): RateLimiterMemory {
  return new RateLimiterMemory({ points: most, duration: windowMs / 1000 })
}

/** @throws `rate.limited` when nothing is left until the window ends. */
export async function spend (limiter: RateLimiterAbstract, key: string): Promise<void> {
  try {
    await limiter.consume(key)
  } catch (error) {
    if (error instanceof RateLimiterRes) throw new ContractError('rate.limited', { retryAfterMs: error.msBeforeNext })
    throw error
  }
}
