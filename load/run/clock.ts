import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'

/** Milliseconds since the epoch, with fractions: the same for every process of this machine. */
export function now (): number {
  return performance.timeOrigin + performance.now()
}

/** Resolves at that time, or at once when the signal says that nobody waits any more. */
export async function sleepUntil (at: number, signal?: AbortSignal): Promise<void> {
  const ms = at - now()
  if (ms <= 0 || signal?.aborted) return
  try {
    await sleep(ms, undefined, { signal })
  } catch (error) {
    if (!signal?.aborted) throw error
  }
}
