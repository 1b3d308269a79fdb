import { setTimeout as sleep } from 'node:timers/promises'

/** Microseconds of a clock that all processes of the machine share. */
export function nowUs (): number {
  const [seconds, nanoseconds] = process.hrtime()
  return seconds * 1e6 + Math.round(nanoseconds / 1000)
}

/** Waits until something holds, looking again and again; says whether it did in time. */
export async function waitUntil (holds: () => boolean, withinMs: number, everyMs = 5): Promise<boolean> {
  const deadline = performance.now() + withinMs
  while (!holds()) {
    if (performance.now() > deadline) return false
    await sleep(everyMs)
  }
  return true
}
