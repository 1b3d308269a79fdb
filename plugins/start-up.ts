import { setTimeout as wait } from 'node:timers/promises'
import { ConfigError } from './config.ts'

/** How long a node waits at its start for what it stands on: it may be starting too. */
const patienceMs = 8000

/** What a node stands on, and the setting that says where it is. */
export interface Dependency<T> {
  name: string
  setting: string
  url: string
  attempt: () => Promise<T>
  /** Whether the failure may pass by itself. */
  isAway: (error: unknown) => boolean
  /** Why trying again is of no use, and what to do; nothing when the failure is not of that kind. */
  explain: (error: unknown) => string | undefined
}

/** A URL without what is secret in it, for messages. */
export function withoutPassword (url: string): string {
  return url.replace(/^([^:]+:\/\/[^:@/]*):.*@/, '$1:***@').replace(/\?.*/, '')
}

/**
 * Tries until the server behind the URL answers.
 *
 * @throws ConfigError in one sentence when it has not for some seconds, or at once when it refuses us; any other error as it is.
 */
export async function untilItAnswers<T> ({ name, setting, url, attempt, isAway, explain }: Dependency<T>): Promise<T> {
  const deadline = Date.now() + patienceMs
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      const explanation = explain(error)
      if (explanation) {
        throw new ConfigError(`Parley cannot start. ${name} at ${withoutPassword(url)} refuses (${reasonOf(error)}): ${explanation}`)
      }
      if (!isAway(error)) throw error
      if (Date.now() > deadline) {
        throw new ConfigError(`Parley cannot start. No ${name} answers at ${withoutPassword(url)} (${reasonOf(error)}): start it, or set ${setting}.`)
      }
      await wait(200)
    }
  }
}

/** A name with several addresses fails with one error for all of them, which has a code but says nothing. */
function reasonOf (error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.message || ('code' in error ? String(error.code) : error.name)
}
