import { createHash } from 'node:crypto'
import type { RateLimiterRedis } from 'rate-limiter-flexible'
import { ContractError } from '../../contract/index.ts'
import { networkOf } from '../client-address.ts'
import { createSharedLimiter, spend } from '../limiters.ts'
import type { Rate } from '../rates.ts'
import type { RedisClients } from '../redis.ts'
import { Turns } from './turns.ts'

export interface LoginAttemptsOptions {
  redis: Pick<RedisClients, 'commands' | 'name'>
  /** Of one account from one address. Windows are counted in whole seconds. */
  perAccount: Rate
  perAddress: Rate
  /** Of a wider network, where an address stands in one: of IPv6. */
  perNetwork: Rate
  /** Of one account, from all addresses together that nobody has signed in to it from. */
  perAccountAnywhere: Rate
  /** How many may wait at once, on this node, to try one account from one address; of one address, five times as many. */
  mostWaiting: number
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
  /** The owner has been here: what strangers try elsewhere does not count here for a while. */
  remember: (attempt: Attempt) => Promise<void>
}

interface Budget {
  limiter: RateLimiterRedis
  key: string
  /** Whether it is the place's, which pays also for what there was no room to verify: else crowding others out is free. */
  isOfPlace?: true
}

/** Of one address, on one node: few enough that right passwords under way do not use up what wrong ones may. */
const addressAtOnce = 10
const rememberedSeconds = 30 * 86_400

/**
 * Counts wrong passwords. Each is counted before it is verified and given back when it was right, so that no number of
 * attempts at once, on any number of nodes, gets more verified than the rate. Attempts on one account take turns: a
 * node has one under way, and ten devices that sign in at once are not taken for an attack.
 */
export function createLoginAttempts (options: LoginAttemptsOptions): LoginAttempts {
  const { redis, mostWaiting, onKept } = options
  const accounts = createSharedLimiter(redis, 'login', options.perAccount)
  const addresses = createSharedLimiter(redis, 'login-address', options.perAddress)
  const networks = createSharedLimiter(redis, 'login-network', options.perNetwork)
  const anywhere = createSharedLimiter(redis, 'login-anywhere', options.perAccountAnywhere)
  const accountTurns = new Turns({ atOnce: 1, waiting: mostWaiting })
  const addressTurns = new Turns({ atOnce: addressAtOnce, waiting: 5 * mostWaiting })

  const knownKey = (account: string, address: string): string => redis.name('rate', 'known', account, address)

  async function giveBack (budgets: Budget[]): Promise<void> {
    const given = await Promise.allSettled(budgets.map(({ limiter, key }) => limiter.reward(key)))
    for (const result of given) if (result.status === 'rejected') onKept(result.reason)
  }

  /** The account first: who goes on trying what is blocked does not use up what the place has for others. */
  async function pay (account: string, address: string): Promise<Budget[]> {
    const paid: Budget[] = []
    async function payFrom (budget: Budget): Promise<void> {
      await spend(budget.limiter, budget.key)
      paid.push(budget)
    }
    try {
      await payFrom({ limiter: accounts, key: `${account}:${address}` })
      await payFrom({ limiter: addresses, key: address, isOfPlace: true })
      const network = networkOf(address)
      if (network !== address) await payFrom({ limiter: networks, key: network, isOfPlace: true })
      const isKnown = await redis.commands.exists(knownKey(account, address)) === 1
      if (!isKnown) await payFrom({ limiter: anywhere, key: account })
      return paid
    } catch (error) {
      await giveBack(paid)
      throw error
    }
  }

  async function attempt<T> (account: string, address: string, verify: () => Promise<T>): Promise<T> {
    const paid = await pay(account, address)
    let owed = paid
    try {
      const verified = await verify()
      if (verified === null) owed = []
      return verified
    } catch (error) {
      if (hasCode(error, 'session.invalid_credentials')) owed = []
      if (hasCode(error, 'server.unavailable')) owed = paid.filter(({ isOfPlace }) => !isOfPlace)
      throw error
    } finally {
      await giveBack(owed)
    }
  }

  return {
    guard: ({ username, address }, verify) => {
      const account = hashOf(username)
      return accountTurns.take(`${account}:${address}`, () => addressTurns.take(address, () => attempt(account, address, verify)))
    },

    async remember ({ username, address }) {
      await redis.commands.set(knownKey(hashOf(username), address), '1', 'EX', rememberedSeconds)
    }
  }
}

/** Hashed: a name may be long, and whatever somebody typed. */
function hashOf (username: string): string {
  return createHash('sha256').update(username.toLowerCase()).digest('base64url')
}

function hasCode (error: unknown, code: ContractError['code']): boolean {
  return error instanceof ContractError && error.code === code
}
