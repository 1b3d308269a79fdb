import { setTimeout as wait } from 'node:timers/promises'
import { ConfigError } from './config.ts'

/** How long a node waits at its start for what it stands on: it may be starting too. */
const patienceMs = 8000

/** A URL without what is secret in it, for messages. */
function withoutPassword (url: string): string {
  const shown = new URL(url)
  if (shown.password) shown.password = '***'
  return shown.href
}

/**
 * Tries until the server behind the URL answers.
 *
 * @throws ConfigError in one sentence when it has not for some seconds; any other error as it is, at once.
 */
export async function untilItAnswers<T> (
  what: { name: string, setting: string, url: string }, attempt: () => Promise<T>, isAway: (error: unknown) => boolean
): Promise<T> {
  const deadline = Date.now() + patienceMs
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      if (!isAway(error)) throw error
      if (Date.now() > deadline) {
        const reason = error instanceof Error ? error.message : String(error)
        throw new ConfigError(`Parley cannot start. No ${what.name} answers at ${withoutPassword(what.url)} (${reason}): start it, or set ${what.setting}.`)
      }
      await wait(200)
    }
  }
}
