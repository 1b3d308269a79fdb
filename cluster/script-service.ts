import { createInterface } from 'node:readline'
import type { Log } from './log.ts'
import { Service } from './service.ts'
import { spawnBound } from './spawn-bound.ts'

export interface ScriptOptions {
  name: string
  script: string
  env: Record<string, string>
  probe: () => Promise<void>
  stopTimeoutMs: number
  log: Log
}

const keptLines = 8

/** A Node.js process of the cluster: prefixes what it prints, and has a channel by which it notices our end. */
export function createScriptService ({ name, script, env, probe, stopTimeoutMs, log }: ScriptOptions): Service {
  let said: string[] = []
  return new Service({
    name,
    launch: () => {
      said = []
      const child = spawnBound(process.execPath, [script], {
        env: { ...process.env, ...env },
        // A process that hangs would not notice the end of its channel.
        deathSignal: 'SIGKILL',
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      })
      for (const stream of [child.stdout!, child.stderr!]) {
        createInterface({ input: stream }).on('line', (line) => {
          said = [...said, line].slice(-keptLines)
          log(`${name} | ${line}`)
        })
      }
      return child
    },
    probe,
    stopSignal: 'SIGTERM',
    stopTimeoutMs,
    lastWords: () => said.join('\n'),
  })
}
