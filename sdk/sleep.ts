/** Waits without keeping a Node process alive: what waits so has a connection that does. */
export function sleep (ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms) as { unref?: () => void } | number
    if (typeof timer === 'object') timer.unref?.()
  })
}
