import { readdirSync, readFileSync } from 'node:fs'

/** What `stat` is counted in, on every Linux that Node runs on. */
const tickUs = 10_000

/**
 * What the scheduler has counted for the threads that there are now, to the nanosecond: in ticks, a process that wakes for
 * a moment some times a second is as good as unseen. 0 when it has ended, or where the kernel does not tell.
 */
function threadsUs (pid: number): number {
  try {
    const threads = readdirSync(`/proc/${pid}/task`)
    return threads.reduce((sum, thread) => sum + Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ', 1)[0]), 0) / 1000
  } catch {
    return 0
  }
}

/** The fields from behind the name, which may itself hold blanks and brackets: the first of them is the state, field 3. */
function readStat (pid: number | string): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    return undefined // It has ended.
  }
}

function sumOf (fields: string[], from: number, to: number): number {
  return fields.slice(from, to).reduce((sum, field) => sum + Number(field), 0)
}

/** Ticks are rounded down, but include threads that have ended: the larger is nearer. */
function usedUs (pid: number, fields: string[]): number {
  return Math.max(threadsUs(pid), sumOf(fields, 11, 13) * tickUs)
}

/** CPU-microseconds that a process has used, in user code and in the kernel; 0 when it is gone. */
export function cpuOf (pid: number): number {
  return usedUs(pid, readStat(pid) ?? [])
}

/** The same of a process with all below it, those of its children that have ended and were waited for included. */
export function cpuOfFamily (pid: number): number {
  const stats = new Map<number, string[]>()
  const children = new Map<number, number[]>()
  for (const name of readdirSync('/proc')) {
    const fields = /^\d+$/.test(name) ? readStat(name) : undefined
    if (!fields) continue
    const parent = Number(fields[1])
    stats.set(Number(name), fields)
    children.set(parent, [...children.get(parent) ?? [], Number(name)])
  }
  function sumBelow (each: number): number {
    const fields = stats.get(each) ?? []
    const own = usedUs(each, fields) + sumOf(fields, 13, 15) * tickUs
    return (children.get(each) ?? []).reduce((sum, child) => sum + sumBelow(child), own)
  }
  return sumBelow(pid)
}

/** CPU-microseconds that the whole machine has used: all but idle and waiting for disks. */
export function cpuOfMachine (): number {
  const [, user, nice, system, , , irq, softirq, steal] = readFileSync('/proc/stat', 'utf8').split('\n', 1)[0]?.split(/\s+/) ?? []
  return sumOf([user, nice, system, irq, softirq, steal].map((field) => field ?? '0'), 0, 6) * tickUs
}
