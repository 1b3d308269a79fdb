/** Waits without keeping a Node process alive: what waits so has a connection that does. */
export function sleep (ms: number): Promise<void> {
  return new Promise((resolve) => {
    // A browser's timer is a number, and keeps nothing alive; the SDK runs in both, and is compiled with the types of either.
    const timer: number | { unref: () => void } = setTimeout(resolve, ms)
    if (typeof timer !== 'number') timer.unref()
  })
}
