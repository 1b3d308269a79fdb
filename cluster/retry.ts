import { setTimeout as sleep } from 'node:timers/promises'

export interface RetryOptions {
  timeoutMs: number
  everyMs?: number
  /** Whether a failure may pass; without it every failure may. */
  retryIf?: (error: unknown) => boolean
  signal?: AbortSignal
}

/** Repeats an attempt until it succeeds; past the deadline it fails as the last attempt did. */
export async function retry<T> (attempt: () => Promise<T>, options: RetryOptions): Promise<T> {
  const deadline = Date.now() + options.timeoutMs
  for (;;) {
    options.signal?.throwIfAborted()
    try {
      return await attempt()
    } catch (error) {
      options.signal?.throwIfAborted()
      if (Date.now() >= deadline || options.retryIf?.(error) === false) throw error
    }
    await sleep(options.everyMs ?? 50)
  }
}
