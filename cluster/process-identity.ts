import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/**
 * When a process began, or nothing if it is gone: a pid alone may be somebody else's by now. A zombie is gone; where
 * nobody collects orphans (a container whose first process is no init) it keeps its pid for ever.
 */
export function startTimeOf (pid: number): string | undefined {
  try {
    const [state = '', startTime] = process.platform === 'linux' ? readProc(pid) : askPs(pid)
    return /^[ZX]/.test(state) ? undefined : startTime
  } catch {
    return undefined
  }
}

export function isAlive (pid: number): boolean {
  return startTimeOf(pid) !== undefined
}

/** The fields from behind the name, which may itself hold blanks and brackets: state is the 3rd, start time the 22nd. */
function readProc (pid: number): (string | undefined)[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return [fields[0], fields[19]]
}

function askPs (pid: number): string[] {
  const answer = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim()
  const [state = '', ...startTime] = answer.split(/\s+/)
  return [state, startTime.join(' ')]
}
