import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import type { Outcome } from './outcome.ts'
import { fileTimeoutMs } from './shared.ts'

/** Where tests run, and until when. */
export interface Surroundings {
  root: string
  env: NodeJS.ProcessEnv
  signal: AbortSignal
}

/** A process that does not even get to what tap says of a file that takes too long is killed. */
const killAfterMs = fileTimeoutMs + 60_000

/** Why a process ended, when it was not well: `was killed by SIGKILL`. */
type End = string

export interface TestProcess {
  child: ChildProcessWithoutNullStreams
  ended: Promise<End>
  /** Gives it so long; what it returns takes that back. */
  allow: (ms?: number) => () => void
}

/** @param timeoutMs after which tap ends all that is under way; 0 when it does not. */
export function startProcess (script: string, timeoutMs: number, { root, env, signal }: Surroundings): TestProcess {
  const child = spawn(process.execPath, ['--enable-source-maps', script], {
    cwd: root,
    env: { ...env, TAP_TIMEOUT: String(timeoutMs / 1000) },
    killSignal: 'SIGKILL',
    signal,
  })
  if (env.TEST_LOG) child.stderr.pipe(process.stderr, { end: false })
  const ended = new Promise<End>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, killedBy) => resolve(killedBy ? `was killed by ${killedBy}` : code === 0 ? '' : `ended with code ${code}`))
  })
  const allow = (ms = killAfterMs) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), ms)
    return () => clearTimeout(timer)
  }
  return { child, ended, allow }
}

/** A file whose process crashed failed, whatever it said before. */
export function withEnd (outcomes: Outcome[], file: string, end: End): Outcome[] {
  if (!end || outcomes.some(({ status }) => status === 'failed')) return outcomes
  const crash: Outcome = { name: file, status: 'failed', reason: '', failures: [{ message: `the file ${end}`, details: {} }] }
  return [...outcomes.filter(({ name }) => name !== file), crash]
}
