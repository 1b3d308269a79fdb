import type { ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { httpStatus } from '../../cluster/http-status.ts'
import { findFreePort } from '../../cluster/ports.ts'
import { Service } from '../../cluster/service.ts'
import { spawnBound } from '../../cluster/spawn-bound.ts'
import type { Memory } from './inside.ts'

const inside = new URL('./inside.js', import.meta.url).href

/** A server under measurement, in a process of its own. */
export interface ServerProcess {
  readonly url: string
  readonly pid: number
  /** After a forced collection. */
  memory: () => Promise<Memory>
  /** Begins a CPU profile; calling what it returns writes it. */
  profile: () => Promise<(file: string) => Promise<void>>
  stop: () => Promise<void>
}

export interface ServerOptions {
  name: string
  /** Takes its port from PORT, and answers 200 to /readyz. */
  script: string
  env: Record<string, string>
  signal: AbortSignal
}

const keptBytes = 4000

export async function startServer ({ name, script, env, signal }: ServerOptions): Promise<ServerProcess> {
  const port = await findFreePort()
  const url = `http://127.0.0.1:${port}`
  let child: ChildProcess | undefined
  let said = ''
  const service = new Service({
    name,
    launch () {
      const started = spawnBound(process.execPath, ['--expose-gc', '--import', inside, script], {
        env: { ...process.env, ...env, HOST: '127.0.0.1', PORT: String(port) },
        deathSignal: 'SIGKILL',
        stdio: ['ignore', 'pipe', 'pipe', 'ipc']
      })
      for (const stream of [started.stdout, started.stderr]) stream?.on('data', (data: Buffer) => { said = (said + data.toString()).slice(-keptBytes) })
      child = started
      return started
    },
    async probe () {
      const status = await httpStatus(`${url}/readyz`, 1500)
      if (status !== 200) throw new Error(`${url}/readyz answers ${status}`)
    },
    stopSignal: 'SIGTERM',
    stopTimeoutMs: 10_000,
    lastWords: () => said
  })
  await service.start(signal).catch(async (error: unknown) => {
    await service.stop()
    throw error
  })
  const ask = createAsking(() => child, () => said)
  return {
    url,
    get pid () {
      if (service.pid === null) throw new Error(`${name} has ended:\n${said}`)
      return service.pid
    },
    memory: () => ask('memory') as Promise<Memory>,
    async profile () {
      await ask('profile')
      return async (file) => { await ask('profiled', file) }
    },
    stop: () => service.stop()
  }
}

/** Puts questions to what `inside` listens for. */
function createAsking (child: () => ChildProcess | undefined, lastWords: () => string) {
  let last = 0
  return (what: string, file?: string): Promise<unknown> => new Promise((resolve, reject) => {
    const server = child()
    if (!server?.connected) return reject(new Error(`The server has ended:\n${lastWords()}`))
    const bench = ++last
    const onEnd = (): void => { reject(new Error(`The server ended while it was asked:\n${lastWords()}`)) }
    server.once('exit', onEnd)
    server.on('message', function onMessage (answer: { bench: number, result?: unknown, failure?: string }) {
      if (answer.bench !== bench) return
      server.off('message', onMessage)
      server.off('exit', onEnd)
      if (answer.failure === undefined) resolve(answer.result)
      else reject(new Error(answer.failure))
    })
    server.send({ bench, what, ...(file !== undefined && { file }) })
  })
}

/** Of a script of this folder, once compiled. */
export function scriptPath (name: string): string {
  return fileURLToPath(new URL(name, import.meta.url))
}
