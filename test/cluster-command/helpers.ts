import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import type { ClusterState } from '../../cluster/cluster-file.ts'
import { isAlive } from '../../cluster/process-identity.ts'
import { retry } from '../../cluster/retry.ts'

export const fakeServer = fileURLToPath(new URL('./fake-server.js', import.meta.url))
const mainScript = fileURLToPath(new URL('../../cluster/main.js', import.meta.url))

/** A temporary folder that every user may enter, removed after the test. */
export function makeFolder (t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'parley-test-'))
  chmodSync(folder, 0o755)
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Waits until the check returns something, and fails with what it is waiting for. */
export async function until<T> (what: string, check: () => T | Promise<T>, timeoutMs = 15_000): Promise<NonNullable<T>> {
  return retry(async () => {
    const found = await check()
    if (!found) throw new Error(`Waited ${timeoutMs} ms in vain for this: ${what}`)
    return found
  }, { timeoutMs })
}

export function readClusterFile (dataDir: string): ClusterState {
  return JSON.parse(readFileSync(join(dataDir, 'cluster.json'), 'utf8')) as ClusterState
}

export function pidsOf (state: ClusterState): number[] {
  return [state.balancer, ...state.nodes, state.postgres, state.redis].flatMap(({ pid }) => pid ?? [])
}

export async function untilGone (pids: number[]): Promise<void> {
  await until(`the end of the pids ${pids.join(', ')}`, () => pids.every((pid) => !isAlive(pid)))
}

export interface Command {
  pid: number
  lines: string[]
  /** Resolves with the URL of the ready line, rejects when the command ends before it. */
  ready: Promise<string>
  ended: Promise<{ code: number | null, stderr: string }>
}

/** Runs `npm start` without npm, in a process group of its own, as a terminal does. */
export function startCommand (t: Test, env: Record<string, string>, { prefix = [] as string[], args = [] as string[] } = {}): Command {
  // By way of NODE_OPTIONS tap would load itself into every process of the cluster, and report to a folder of ours.
  const [command = '', ...rest] = [...prefix, 'env', '-u', 'NODE_OPTIONS', process.execPath, mainScript, ...args]
  const child = spawn(command, rest, {
    env: { ...process.env, PORT: '0', DRAIN_SECONDS: '0', ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: string[] = []
  let stderr = ''
  child.stderr.on('data', (chunk: Buffer) => { stderr += chunk.toString() })
  const ended = new Promise<{ code: number | null, stderr: string }>((resolve) => {
    child.once('close', (code) => resolve({ code, stderr }))
  })
  const ready = new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line)
      if (line.startsWith('ready ')) resolve(line.slice('ready '.length))
    })
    void ended.then(() => reject(new Error(`The command ended before it was ready: ${stderr}`)))
  })
  ready.catch(() => {})
  t.teardown(async () => {
    child.kill('SIGTERM')
    await ended
  })
  return { pid: child.pid!, lines, ready, ended }
}
