import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { readTap, type Outcome } from './read-tap.ts'

/** Tap ends a file that takes longer, and names the test; a process that does not even get there is killed. */
const fileTimeoutSeconds = 180
const killAfterMs = 240_000

export interface FileOutcome {
  /** Its path in the sources. */
  file: string
  outcomes: Outcome[]
  elapsedMs: number
  /** What it wrote beside its results; shown when it failed. */
  complaints: string
}

/** Runs one compiled test file, such as `dist/test/rooms/log.test.js`, in a process of its own. */
export async function runFile (root: string, compiled: string, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<FileOutcome> {
  const file = compiled.replace(/^dist\//, '').replace(/\.js$/, '.ts')
  const startedAt = Date.now()
  const child = spawn(process.execPath, ['--enable-source-maps', join(root, compiled)], {
    cwd: root,
    env: { ...env, TAP_TIMEOUT: env.TAP_TIMEOUT ?? String(fileTimeoutSeconds) },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: killAfterMs,
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
