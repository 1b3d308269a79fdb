import { setTimeout as wait } from 'node:timers/promises'
import { ContractError } from '../contract/index.ts'
import { isPassing, isUniqueViolation } from '../db/failures.ts'

const attempts = 10
/** The first pause, at most; each may be longer than the one before. */
const pauseMs = 10

/**
 * Looks, decides, and appends if what it saw still holds; else looks again.
 *
 * @param attempt returns undefined when things had changed in between.
 */
export async function untilSettled<T> (attempt: () => Promise<T | undefined>): Promise<T> {
  for (let count = 0; count < attempts; count++) {
    if (count > 0) await wait(Math.random() * pauseMs * count)
    try {
      const result = await attempt()
      if (result !== undefined) return result
    } catch (error) {
      if (!isUniqueViolation(error) && !isPassing(error)) throw error
    }
  }
  throw new ContractError('server.unavailable', { message: 'Too many changes at once; try again.', retryAfterMs: 200 })
}
