import type { Sql } from '../db/client.ts'
import { isPassing, isUniqueViolation } from '../db/failures.ts'
import { appendMessages } from '../db/queries/append-messages.ts'
import { appendOptimistically, isDoubt } from '../db/queries/append-optimistically.ts'
import type { NewMessage, Placed, Verdict } from '../db/queries/new-message.ts'

export interface AppenderOptions {
  /** After a refusal another one is likely: for so long the optimistic way is not tried. Twice as long when it is in vain again soon. */
  carefulMs?: number
  /** What time it is, in ms. */
  now?: () => number
}

const mostCarefulMs = 60_000
/** Soon is within so many times the care that was taken last: a busy node succeeds meanwhile, whoever is always refused. */
const soon = 3
const attempts = 5

/** Appends batches as if there were nothing to refuse; and those in which there is, and what follows them, with care. */
export class Appender {
  readonly #now: () => number
  readonly #leastCarefulMs: number
  #carefulMs = 0
  #carefulUntil = 0

  constructor ({ carefulMs = 1000, now = () => performance.now() }: AppenderOptions = {}) {
    this.#now = now
    this.#leastCarefulMs = carefulMs
  }

  /** The verdicts stand in the order of the messages, of which no two bear the same room and id. */
  async append (sql: Sql, messages: NewMessage[]): Promise<Verdict[]> {
    return await this.#tryOptimistically(sql, messages) ?? await appendCarefully(sql, messages)
  }

  /** Undefined when nothing was appended: something was refused a moment ago, or is now, or is there already, or two batches met in a circle. */
  async #tryOptimistically (sql: Sql, messages: NewMessage[]): Promise<Placed[] | undefined> {
    if (this.#now() < this.#carefulUntil) return undefined
    try {
      return await appendOptimistically(sql, messages)
    } catch (error) {
      if (!isDoubt(error) && !isUniqueViolation(error) && !isPassing(error)) throw error
      this.#becomeCareful()
      return undefined
    }
  }

  #becomeCareful (): void {
    const now = this.#now()
    // What was on its way at the same time says nothing new.
    if (now < this.#carefulUntil) return
    const isSoon = now < this.#carefulUntil + soon * this.#carefulMs
    this.#carefulMs = isSoon ? Math.min(2 * this.#carefulMs, mostCarefulMs) : this.#leastCarefulMs
    this.#carefulUntil = now + this.#carefulMs
  }
}

async function appendCarefully (sql: Sql, messages: NewMessage[]): Promise<Verdict[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await appendMessages(sql, messages)
    } catch (error) {
      // The same ids were on their way through another node: now they can be seen.
      const again = isUniqueViolation(error) || isPassing(error)
      if (!again || attempt === attempts) throw error
    }
  }
}
