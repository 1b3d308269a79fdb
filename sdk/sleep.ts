/** Waits without keeping a Node process alive: what waits so has a connection that does. */
export function sleep (ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer: { unref?: () => void } | number = setTimeout(resolve, ms)
    if (typeof timer === 'object') timer.unref?.()
  })
}
