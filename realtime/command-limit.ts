import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { ContractError } from '../contract/index.ts'
import { cutOff } from './backlog.ts'
import type { ParleySocket } from './server.ts'

export interface CommandLimitOptions {
  /** What the commands of all of a user's sockets here may cost. */
  rate: { most: number, windowMs: number }
  /** What a command costs where that is not 1. */
  costs: Partial<Record<string, number>>
  onFlooded: () => void
}

/** So many times the rate within a window: whoever does not listen to refusals is not answered any more. */
const floodTimes = 10

/**
 * Bounds what a user may ask of a node, whichever sockets they ask by: coming back does not begin a new budget.
 *
 * The library answers by a promise. Every verdict comes the same number of microtasks later, so that waiting for it keeps
 * commands in the order in which they came; a test holds the library to that.
 */
export function createCommandLimit ({ rate, costs, onFlooded }: CommandLimitOptions) {
  const costOf = new Map(Object.entries(costs))
  const limiter = new RateLimiterMemory({ points: rate.most, duration: rate.windowMs / 1000 })

  /** @throws `rate.limited` */
  return async (socket: ParleySocket, command: string): Promise<void> => {
    try {
      await limiter.consume(socket.data.actor.userId, costOf.get(command))
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error
      if (error.consumedPoints > rate.most * floodTimes && socket.connected) {
        onFlooded()
        cutOff(socket.conn)
      }
      throw new ContractError('rate.limited', { retryAfterMs: error.msBeforeNext })
    }
  }
}

export type CommandLimit = ReturnType<typeof createCommandLimit>
