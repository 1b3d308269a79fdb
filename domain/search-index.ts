import type { Sql } from '../db/client.ts'
import { sortInTexts } from '../db/queries/search.ts'
import type { Log } from './log.ts'

interface SearchIndexDeps {
  sql: Sql
  log: Log
  report: (error: unknown) => void
}

/** About two megabytes of Postgres's list: half of what it lets grow, for others write as well. More often costs more. */
const mostCharacters = 512 * 1024
const retryMs = 60_000

/**
 * Postgres writes new texts on a list beside the search index. When that is full (4 MB, some 20,000 messages), it sorts
 * it in, and whoever is just sending waits for that with everybody in their rooms: 150 ms. So it is done before that, on
 * a connection of its own, for which nobody waits.
 */
export function keepSearchIndexSorted ({ sql, log, report }: SearchIndexDeps): void {
  let characters = 0
  let isBusy = false
  let restsUntil = 0

  async function sortIn (): Promise<void> {
    isBusy = true
    characters = 0
    try {
      await sortInTexts(sql)
    } catch (error) {
      restsUntil = Date.now() + retryMs
      report(error)
    }
    isBusy = false
  }

  log.onCommitted(({ events }) => {
    for (const { data } of events) if ('text' in data) characters += data.text?.length ?? 0
    if (characters >= mostCharacters && !isBusy && Date.now() >= restsUntil) void sortIn()
  })
}
