import { ParleyError } from '../errors.ts'
import type { Pending } from './pending.ts'

/**
 * Where unsent commands survive a reload: text by key. Answers may come later; a failure is told to `onError`, and the
 * commands go out all the same.
 */
export interface OutboxStorage {
  get: (key: string) => string | null | undefined | Promise<string | null | undefined>
  set: (key: string, value: string) => void | Promise<void>
}

/** As browsers have it: `localStorage`. */
interface WebStorage {
  getItem: (key: string) => string | null
  setItem: (key: string, value: string) => void
}

/**
 * `localStorage` (or `sessionStorage`) as a place for the outbox.
 *
 * @example
 * const parley = createParley({ storage: webStorage(localStorage) })
 */
export function webStorage (storage: WebStorage): OutboxStorage {
  return {
    get: (key) => storage.getItem(key),
    set: (key, value) => { storage.setItem(key, value) }
  }
}

interface Stored extends Omit<Pending, 'error'> {
  error?: { code: string, message: string }
}

export function serialize (entries: readonly Pending[]): string {
  return JSON.stringify(entries.map(({ error, ...rest }): Stored => ({
    ...rest, ...(error && { error: { code: error.code, message: error.message } })
  })))
}

/** What is not ours to read is as good as nothing. */
export function deserialize (text: string | null | undefined): Pending[] {
  try {
    const stored: unknown = JSON.parse(text ?? '[]')
    return Array.isArray(stored) ? (stored as Stored[]).map(toPending) : []
  } catch {
    return []
  }
}

function toPending ({ error, ...rest }: Stored): Pending {
  return { ...rest, ...(error && { error: new ParleyError(error.code, { message: error.message }) }) } as Pending
}
