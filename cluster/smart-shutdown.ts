import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ChildProcess } from 'node:child_process'

const checkMs = 500

/**
 * A SIGTERM from somebody else makes Postgres refuse new connections and wait for the end of the old ones, which nodes
 * never close: half of the cluster would go on for ever. So it is stopped the fast way, and can be started again.
 */
export function hastenShutdown (child: ChildProcess, place: string): void {
  const timer = setInterval(() => {
    if (isStopping(place, child.pid)) child.kill('SIGINT')
  }, checkMs)
  timer.unref()
  child.once('exit', () => clearInterval(timer))
  child.once('error', () => clearInterval(timer))
}

/** The first line of its file is the pid, the last one the state. */
function isStopping (place: string, pid: number | undefined): boolean {
  try {
    const lines = readFileSync(join(place, 'postmaster.pid'), 'utf8').trim().split('\n')
    return Number(lines[0]) === pid && lines.at(-1)?.trim() === 'stopping'
  } catch {
    return false // It has not begun, or has ended just now.
  }
}
