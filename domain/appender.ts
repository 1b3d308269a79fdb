import type { Sql } from '../db/client.ts'
import { isPassing, isUniqueViolation } from '../db/failures.ts'
import { appendMessages, type NewMessage, type Refused } from '../db/queries/append-messages.ts'
import { appendOptimistically, isDoubt, type Placed } from '../db/queries/append-optimistically.ts'

/** What became of a message. */
export type Verdict = Placed | Refused

/** Whoever is refused tries again, most likely: so long nothing is tried in vain. */
const carefulMs = 1000
const attempts = 5

/** Appends batches as if there were nothing to refuse; and those in which there is, and what follows them, with care. */
export class Appender {
  #carefulUntil = 0

  /** The verdicts stand in the order of the messages, of which no two bear the same room and id. */
  async append (sql: Sql, messages: NewMessage[]): Promise<Verdict[]> {
    return await this.#appendAll(sql, messages) ?? await appendWhatMayBe(sql, messages)
  }

  /** Undefined when one of them is refused, or there already. */
  async #appendAll (sql: Sql, messages: NewMessage[]): Promise<Placed[] | undefined> {
    if (performance.now() < this.#carefulUntil) return undefined
    try {
      return await appendOptimistically(sql, messages)
    } catch (error) {
      if (!isDoubt(error) && !isUniqueViolation(error) && !isPassing(error)) throw error
      this.#carefulUntil = performance.now() + carefulMs
      return undefined
    }
  }
}

async function appendWhatMayBe (sql: Sql, messages: NewMessage[]): Promise<Verdict[]> {
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
