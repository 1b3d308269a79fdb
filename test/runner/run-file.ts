import { text } from 'node:stream/consumers'
import type { FileOutcome } from './outcome.ts'
import { startProcess, withEnd, type Surroundings } from './process.ts'
import { readTap } from './read-tap.ts'
import { fileTimeoutMs, type FileTask } from './shared.ts'

/** Runs a test file in a process of its own. */
export async function runFile ({ name, path }: FileTask, surroundings: Surroundings): Promise<FileOutcome> {
  const startedAt = Date.now()
  const { child, ended, allow } = startProcess(path, fileTimeoutMs, surroundings)
  child.stdin.end()
  const isDone = allow()
  const [outcomes, complaints, end] = await Promise.all([readTap(child.stdout, name), text(child.stderr), ended])
  isDone()
  return { file: name, outcomes: withEnd(outcomes, name, end), complaints, elapsedMs: Date.now() - startedAt }
}
