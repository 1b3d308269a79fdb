import { readLeftoverPids } from './cluster-file.ts'
import type { Log } from './log.ts'
import { isAlive } from './process-identity.ts'
import { retry } from './retry.ts'

/** After a launcher was killed its children are ending: two Redis on one file would damage it. */
export async function waitForLeftovers (dataDir: string, log: Log, signal?: AbortSignal): Promise<void> {
  const left = () => readLeftoverPids(dataDir).filter(isAlive)
  if (left().length === 0) return
  log(`cluster: waits for the end of processes that a killed launcher left (pids ${left().join(', ')})`)
  await retry(() => {
    const pids = left()
    if (pids.length === 0) return Promise.resolve()
    return Promise.reject(new Error(`Processes of an earlier cluster are still there: end the pids ${pids.join(', ')}.`))
  }, { timeoutMs: 10_000, signal })
}
