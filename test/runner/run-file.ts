import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { readTap, type Outcome } from './read-tap.ts'

/** Tap itself ends a test that takes too long; this is for a process that does not even get there. */
const fileTimeoutMs = 300_000

export interface FileOutcome {
  file: string
  outcomes: Outcome[]
  elapsedMs: number
  /** What it wrote beside its results; shown when it failed. */
  complaints: string
}

/** Runs one compiled test file in a process of its own. */
export async function runFile (file: string, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<FileOutcome> {
  const startedAt = Date.now()
  const child = spawn(process.execPath, ['--enable-source-maps', file], {
    env: { ...env, TAP_TIMEOUT: env.TAP_TIMEOUT ?? '60' },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: fileTimeoutMs,
    killSignal: 'SIGKILL',
    signal,
  })
  if (env.TEST_LOG) child.stderr.pipe(process.stderr, { end: false })
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, killedBy) => resolve(killedBy ? `was killed by ${killedBy}` : code === 0 ? '' : `ended with code ${code}`))
  })
  const [outcomes, complaints, end] = await Promise.all([readTap(child.stdout, file), text(child.stderr), ended])
  return { file, outcomes: withEnd(outcomes, file, end), complaints, elapsedMs: Date.now() - startedAt }
}

/** A file that crashed failed, whatever it said before. */
function withEnd (outcomes: Outcome[], file: string, end: string): Outcome[] {
  if (!end || outcomes.some(({ status }) => status === 'failed')) return outcomes
  const crash: Outcome = { name: file, status: 'failed', reason: '', failures: [{ message: `the file ${end}`, details: {} }] }
  return [...outcomes.filter(({ name }) => name !== file), crash]
}
