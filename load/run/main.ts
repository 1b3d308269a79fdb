import { writeFileSync } from 'node:fs'
import { onStopSignals } from '../../cluster/stop-signals.ts'
import { load, plan, Stopped } from './load.ts'
import { help, readOptions, type Options } from './options.ts'
import type { Plan } from './plan.ts'
import { createProgress } from './progress.ts'
import { toPage } from './report/page.ts'
import type { LoadReport } from './report/report.ts'

const codes = { kept: 0, broken: 1, misused: 2, stopped: 130 }

function complain (error: unknown): void {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
}

async function main (options: Options, plans: Plan[]): Promise<number> {
  const progress = createProgress(process.stdout)
  const stopping = new AbortController()
  onStopSignals(() => {
    progress.say('stopping; once more stops at once')
    stopping.abort(new Stopped())
  }, () => process.exit(codes.stopped))
  const report = await load(options, plans, progress, stopping.signal)
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`)
  if (options.html !== undefined) writeFileSync(options.html, toPage(report))
  if (report.failure !== undefined) complain(report.failure)
  progress.say(verdict(report))
  if (!report.isKept) return codes.broken
  return report.wasStopped ? codes.stopped : codes.kept
}

function verdict ({ isKept, failure, scenarios, wasStopped }: LoadReport): string {
  if (failure !== undefined) return 'FAILED: it could not be brought to an end.'
  if (scenarios.length === 0) return 'STOPPED before anything was measured.'
  if (!isKept) return `BROKEN: ${scenarios.filter((result) => !result.isKept).map(({ plan }) => plan.scenario).join(', ')}.`
  return `KEPT${wasStopped ? ', until it was stopped' : ''}: every message came once and in order to everybody, and nothing failed.`
}

/** @returns the exit code */
async function run (args: string[]): Promise<number> {
  let options: Options | 'help'
  let plans: Plan[]
  try {
    options = readOptions(args)
    plans = options === 'help' ? [] : plan(options)
  } catch (error) {
    complain(error)
    return codes.misused
  }
  if (options !== 'help') return await main(options, plans)
  process.stdout.write(`${help}\n`)
  return codes.kept
}

process.exitCode = await run(process.argv.slice(2)).catch((error: unknown) => {
  complain(error)
  return error instanceof Stopped ? codes.stopped : codes.broken
})
process.exit()
