import type { SpawnOptions } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { spawnBound } from './spawn-bound.ts'

/** Runs a command to its end and returns what it printed; a failure carries what it said on stderr. */
export async function run (command: string, args: string[], options: SpawnOptions = {}): Promise<string> {
  const child = spawnBound(command, args, { ...options, deathSignal: 'SIGKILL', stdio: ['ignore', 'pipe', 'pipe'] })
  const exited = new Promise<string | undefined>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('close', (code, signal) => resolve(code === 0 ? undefined : signal ?? `code ${code}`))
  })
  const [said, complained, failure] = await Promise.all([text(child.stdout!), text(child.stderr!), exited])
  if (failure) throw new Error(`${command} failed (${failure}): ${complained.trim()}`)
  return said
}
