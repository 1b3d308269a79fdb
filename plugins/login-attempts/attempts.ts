import { createHash } from 'node:crypto'
import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible'
import { ContractError } from '../../contract/index.ts'
import type { RedisClients } from '../redis.ts'
import type { Rate } from '../rates.ts'
import { Turns } from './turns.ts'

export interface LoginAttemptsOptions {
  redis: Pick<RedisClients, 'commands' | 'name'>
  /** Windows are counted in whole seconds. */
  perAccount: Rate
  perAddress: Rate
  /** Told of what could not be given back: it stays counted until the window ends. */
  onKept: (error: unknown) => void
}

/** Whose password somebody says they know, and from where. */
export interface Attempt {
  username: string
  address: string
}

export interface LoginAttempts {
  /**
   * Verifies a password, if there may be another wrong one. What is right is not counted; wrong is null, and a throw
   * of `session.invalid_credentials`.
   *
   * @throws `rate.limited` without verifying, also when the password is right.
   */
  guard: <T>(attempt: Attempt, verify: () => Promise<T>) => Promise<T>
}

/** Of one address, on one node: few enough that right passwords under way do not use up what wrong ones may. */
const addressAtOnce = 10

/**
 * Counts wrong passwords. Each is counted before it is verified and given back when it was right, so that no number of
 * attempts at once, on any number of nodes, gets more verified than the rate. Attempts on one account take turns: a
 * node has one under way, and ten devices that sign in at once are not taken for an attack.
 */
export function createLoginAttempts ({ redis, perAccount, perAddress, onKept }: LoginAttemptsOptions): LoginAttempts {
  const accounts = createLimiter(redis, 'login', perAccount)
  const addresses = createLimiter(redis, 'login-address', perAddress)
  const accountTurns = new Turns(1)
  const addressTurns = new Turns(addressAtOnce)

  async function giveBack (account: string, address: string): Promise<void> {
    const given = await Promise.allSettled([accounts.reward(account), addresses.reward(address)])
    for (const result of given) if (result.status === 'rejected') onKept(result.reason)
  }

  /** The account first: who goes on trying one that is blocked does not use up what the address has for others. */
  async function count (account: string, address: string): Promise<void> {
    await consume(accounts, account)
    try {
      await consume(addresses, address)
    } catch (error) {
      await accounts.reward(account).catch(onKept)
      throw error
    }
  }

  async function attempt<T> (account: string, address: string, verify: () => Promise<T>): Promise<T> {
    await count(account, address)
    let isWrong = false
    try {
      const verified = await verify()
      isWrong = verified === null
      return verified
    } catch (error) {
      isWrong = error instanceof ContractError && error.code === 'session.invalid_credentials'
      throw error
    } finally {
      if (!isWrong) await giveBack(account, address)
    }
  }

  return {
    guard: ({ username, address }, verify) => {
      // Hashed: a name may be long, and whatever somebody typed.
      const account = `${createHash('sha256').update(username.toLowerCase()).digest('base64url')}:${address}`
      return accountTurns.take(account, () => addressTurns.take(address, () => attempt(account, address, verify)))
    }
  }
}

function createLimiter ({ commands, name }: LoginAttemptsOptions['redis'], kind: string, { most, windowMs }: Rate): RateLimiterRedis {
  return new RateLimiterRedis({
    storeClient: commands,
    keyPrefix: name('rate', kind),
    points: most,
    duration: windowMs / 1000,
    // From then on this node refuses without asking: an attack costs Redis nothing.
    inMemoryBlockOnConsumed: most + 1
  })
}

async function consume (limiter: RateLimiterRedis, key: string): Promise<void> {
  try {
    await limiter.consume(key)
  } catch (error) {
    if (error instanceof RateLimiterRes) throw new ContractError('rate.limited', { retryAfterMs: error.msBeforeNext })
    throw error
  }
}
