import type { Sql } from '../db/client.ts'
import { isPassing, isUniqueViolation } from '../db/failures.ts'
import { appendMessages } from '../db/queries/append-messages.ts'
import { appendOptimistically, isDoubt } from '../db/queries/append-optimistically.ts'
import type { NewMessage, Placed, Verdict } from '../db/queries/new-message.ts'

export interface AppenderOptions {
  /** After a refusal another one is likely: for so long the optimistic way is not tried. */
  carefulMs?: number
}

const attempts = 5

/** Appends batches as if there were nothing to refuse; and those in which there is, and what follows them, with care. */
export class Appender {
  readonly #carefulMs: number
  #carefulUntil = 0

  constructor ({ carefulMs = 1000 }: AppenderOptions = {}) {
    this.#carefulMs = carefulMs
  }

  /** The verdicts stand in the order of the messages, of which no two bear the same room and id. */
  async append (sql: Sql, messages: NewMessage[]): Promise<Verdict[]> {
    return await this.#tryOptimistically(sql, messages) ?? await appendCarefully(sql, messages)
  }

  /** Undefined when nothing was appended: something was refused a moment ago, or is now, or is there already, or two batches met in a circle. */
  async #tryOptimistically (sql: Sql, messages: NewMessage[]): Promise<Placed[] | undefined> {
    if (performance.now() < this.#carefulUntil) return undefined
    try {
      return await appendOptimistically(sql, messages)
    } catch (error) {
      if (!isDoubt(error) && !isUniqueViolation(error) && !isPassing(error)) throw error
      this.#carefulUntil = performance.now() + this.#carefulMs
      return undefined
    }
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
