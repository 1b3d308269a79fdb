// Loaded into every server before its own code: answers what only the process itself can say or do.
import { writeFileSync } from 'node:fs'
import { Session } from 'node:inspector/promises'
import { setImmediate as turn } from 'node:timers/promises'

interface Request {
  bench: number
  what: 'memory' | 'profile' | 'profiled'
  file?: string
}

export interface Memory {
  /** What is in use after a forced collection: the heap, and buffers beside it. */
  usedBytes: number
  residentBytes: number
}

let profiler: Session | undefined

async function readMemory (): Promise<Memory> {
  // What one collection finalizes, the next one frees.
  for (let round = 0; round < 4; round++) {
    globalThis.gc?.()
    await turn()
  }
  const { heapUsed, external, rss } = process.memoryUsage()
  return { usedBytes: heapUsed + external, residentBytes: rss }
}

async function startProfile (): Promise<void> {
  profiler = new Session()
  profiler.connect()
  await profiler.post('Profiler.enable')
  await profiler.post('Profiler.setSamplingInterval', { interval: 500 })
  await profiler.post('Profiler.start')
}

async function endProfile (file: string): Promise<void> {
  const result = await profiler?.post('Profiler.stop')
  writeFileSync(file, JSON.stringify(result?.profile))
  profiler?.disconnect()
  profiler = undefined
}

async function answer ({ what, file = '' }: Request): Promise<Memory | undefined> {
  if (what === 'memory') return await readMemory()
  if (what === 'profile') await startProfile()
  else await endProfile(file)
}

process.on('message', (request: Request) => {
  if (typeof request !== 'object' || !('bench' in request)) return
  answer(request).then(
    (result) => process.send?.({ bench: request.bench, result }),
    (error: unknown) => process.send?.({ bench: request.bench, failure: String(error) })
  )
})
