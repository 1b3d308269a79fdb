import { readdirSync, readFileSync } from 'node:fs'

/** Clock ticks a second, as Linux tells all programs. */
const ticksPerSecond = 100

interface Stat {
  parent: number
  ticks: number
}

/** User and system time, with that of children that have ended; undefined when there is no such process. */
function readStat (pid: number): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name is in parentheses and may hold anything.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    const sum = [11, 12, 13, 14].reduce((total, index) => total + Number(fields[index]), 0)
    return { parent: Number(fields[1]), ticks: sum }
  } catch {
    return undefined // It has ended, or there is no /proc here.
  }
}

/** CPU seconds of a process and all below it, such as Postgres and its backends; null where they cannot be read. */
export function readTreeCpuSeconds (root: number): number | null {
  if (!readStat(root)) return null
  const stats = new Map<number, Stat>()
  for (const name of readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) ? readStat(Number(name)) : undefined
    if (stat) stats.set(Number(name), stat)
  }
  const isBelow = (pid: number): boolean => pid === root || (stats.has(pid) && isBelow(stats.get(pid)?.parent ?? 0))
  const ticks = [...stats].filter(([pid]) => isBelow(pid)).reduce((total, [, stat]) => total + stat.ticks, 0)
  return ticks / ticksPerSecond
}
