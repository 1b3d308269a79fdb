import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from './log.ts'
import type { Service } from './service.ts'

const healthyAfterMs = 3_000
const longestPauseMs = 3_000

/** Starts a service again whenever it ends, at once the first time and with growing pauses after that. */
export function keepRunning (service: Service, log: Log): { letGo: () => void } {
  const released = new AbortController()
  let startedAt = Date.now()
  let quickEnds = 0

  const revive = async (how: string) => {
    if (released.signal.aborted) return
    quickEnds = Date.now() - startedAt < healthyAfterMs ? quickEnds + 1 : 0
    const pauseMs = quickEnds === 0 ? 0 : Math.min(100 * 2 ** quickEnds, longestPauseMs)
    log(`${service.name}: ended (${how}), starts again${pauseMs ? ` in ${pauseMs} ms` : ''}`)
    if (pauseMs) await sleep(pauseMs, undefined, { signal: released.signal })
    startedAt = Date.now()
    await service.start()
    log(`${service.name}: is back`)
  }
  // When a start fails because the service has ended, that end brings us here again.
  const onExit = (how: string) => { revive(how).catch(() => {}) }
  service.on('exit', onExit)
  if (service.pid === null) onExit('before the cluster was ready')
  return {
    letGo: () => {
      service.off('exit', onExit)
      released.abort()
    },
  }
}
