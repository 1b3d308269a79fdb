import type { FastifyBaseLogger } from 'fastify'

export interface Periodic {
  start: () => void
  stop: () => void
  /** Does it at once, if it has been started. */
  now: () => void
}

/** Does something again and again, never twice at once; a failure is logged when it is news. */
export function every (log: FastifyBaseLogger, waitMs: () => number, work: () => Promise<void>): Periodic {
  let timer: NodeJS.Timeout | undefined
  let isStarted = false
  let isRunning = false
  let isDue = false
  let hasFailed = false

  async function run (): Promise<void> {
    clearTimeout(timer)
    isDue = isRunning
    if (isRunning) return
    isRunning = true
    try {
      await work()
      hasFailed = false
    } catch (error) {
      if (!hasFailed) log.warn({ err: error }, 'a periodic check failed; it goes on trying')
      hasFailed = true
    } finally {
      isRunning = false
    }
    if (isStarted) timer = setTimeout(() => { void run() }, isDue ? 0 : waitMs())
  }

  return {
    start () {
      isStarted = true
      timer = setTimeout(() => { void run() }, waitMs())
    },
    stop () {
      isStarted = false
      clearTimeout(timer)
    },
    now () {
      if (isStarted) void run()
    }
  }
}
