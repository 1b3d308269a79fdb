import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { findFreePort } from '../../cluster/ports.ts'
import { retry } from '../../cluster/retry.ts'
import { testEnvironment, type Address, type NodeOptions } from './node.ts'
import { createStores, type Ending, type Stores } from './stores.ts'

const server = fileURLToPath(new URL('../../server.js', import.meta.url))

/** A node in a process of its own: for what only a kill shows. */
export interface NodeProcess extends Address {
  stores: Stores
  child: ChildProcess
  /** Signals it and resolves when it has ended; SIGKILL unless told otherwise. */
  kill: (signal?: NodeJS.Signals) => Promise<void>
}

/** Starts `server.js` as a child, waits until it is ready, and kills it when the test ends. */
export async function startNodeProcess (t: Ending, options: NodeOptions = {}): Promise<NodeProcess> {
  const { stores = await createStores(t), ...overrides } = options
  const environment = testEnvironment(stores, { PORT: await findFreePort(), ...overrides })
  const child = fork(server, {
    env: { ...process.env, ...environment },
    execArgv: ['--enable-source-maps'],
    stdio: ['ignore', process.env.TEST_LOG ? 2 : 'ignore', 2, 'ipc'],
  })
  const exited = once(child, 'exit')
  const sockets: Address['sockets'] = new Set()
  const kill = async (signal: NodeJS.Signals = 'SIGKILL') => {
    child.kill(signal)
    await exited
  }
  t.teardown(async () => {
    for (const socket of sockets) socket.close()
    await kill()
  })

  const url = `http://127.0.0.1:${environment.PORT}`
  const ended = new AbortController()
  child.once('exit', (code) => ended.abort(new Error(`The node ended with code ${String(code)} before it was ready.`)))
  await retry(() => expectReady(url), { timeoutMs: 15_000, signal: ended.signal })
  return { name: environment.NODE_NAME ?? 'n1', url, sockets, stores, child, kill }
}

async function expectReady (url: string): Promise<void> {
  const { status } = await fetch(`${url}/readyz`)
  if (status !== 200) throw new Error(`${url}/readyz answers ${status}`)
}
