/** How long one attempt may take, all in all. */
const attemptMs = 20_000

/**
 * Does something that ends, when its time is up or with the signal given.
 *
 * Not by AbortSignal.any and AbortSignal.timeout: garbage collection may take the two before they fire (nodejs/node#57867).
 */
export async function attempt<T> (signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>, withinMs = attemptMs): Promise<T> {
  signal.throwIfAborted()
  const controller = new AbortController()
  const stop = (): void => { controller.abort(signal.reason) }
  signal.addEventListener('abort', stop)
  const timer = setTimeout(() => { controller.abort(new Error(`it took longer than ${withinMs / 1000} s`)) }, withinMs)
  try {
    return await work(controller.signal)
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
  }
}
