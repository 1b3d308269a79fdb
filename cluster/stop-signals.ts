/** npm hands a Ctrl-C on that the terminal has sent to us already: within this time it is the same one. */
const sameSignalMs = 1_000
const orphanCheckMs = 500

/** The first SIGINT, SIGTERM or SIGHUP stops, the second one stops at once. */
export function onStopSignals (stop: () => void, stopAtOnce: () => void): void {
  let firstAt: number | undefined
  const onSignal = () => {
    if (firstAt === undefined) {
      firstAt = Date.now()
      stop()
    } else if (Date.now() - firstAt > sameSignalMs) {
      stopAtOnce()
    }
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal)
}

/** `npm start` may be killed without a word to us: then nobody would ever stop the cluster. */
export function onceOrphaned (stop: () => void): void {
  if (!process.env.npm_lifecycle_event) return
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    stop()
  }, orphanCheckMs)
  timer.unref()
}
