import { mkdirSync, writeFileSync } from 'node:fs'
import { goalsOf, judge } from './goals.ts'
import type { Options } from './options.ts'
import { parts } from './parts/index.ts'
import { describeMachine, writeDocs, type Report } from './report.ts'
import type { Sample } from './sample.ts'
import { onStage, type BenchStores } from './stage.ts'

export interface BenchOptions extends Options {
  say: (line: string) => void
  signal: AbortSignal
  stores?: BenchStores
}

/** Measures the parts that were asked for, one after the other, and writes what it found. */
export async function bench (options: BenchOptions): Promise<Report> {
  const { sizes, docs, json, profiles, say } = options
  if (process.platform !== 'linux') throw new Error('The benchmark reads CPU times from /proc, and so runs on Linux only.')
  if (profiles !== undefined) mkdirSync(profiles, { recursive: true })
  const startedAt = performance.now()
  const samples = await onStage({ ...options, profiles }, async (stage) => {
    const found: Sample[] = []
    for (const part of options.parts) {
      say(`${part}: ${parts[part].about}`)
      found.push(...await parts[part].run(stage))
    }
    return found
  })
  say(`done in ${((performance.now() - startedAt) / 1000).toFixed(0)} s`)
  const judgements = goalsOf(sizes).filter(({ part }) => options.parts.includes(part)).map((goal) => judge(goal, samples))
  const report: Report = {
    at: new Date().toISOString().slice(0, 10), machine: describeMachine(), sizes, isProfiled: profiles !== undefined, samples, judgements
  }
  if (docs !== undefined) writeDocs(docs, report, options.parts)
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`)
  return report
}
