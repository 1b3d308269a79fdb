/** Waits without keeping a Node process alive: what waits so has a connection that does. */
export function sleep (ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer: number | { unref: () => void } = setTimeout(resolve, ms)
    // A browser's timer is a number, and keeps nothing alive.
    if (typeof timer !== 'number') timer.unref()
  })
}
