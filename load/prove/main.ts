import { writeFileSync } from 'node:fs'
import { onStopSignals } from '../../cluster/stop-signals.ts'
import { help, readOptions, type Options } from './options.ts'
import { prove } from './prove.ts'
import { toPage } from './report/page.ts'
import { formatCounts, formatFaults, formatPromises } from './report/table.ts'
import { formatViolations } from './report/violations.ts'

const print = (line: string): void => { process.stdout.write(`${line}\n`) }

async function main (options: Options): Promise<boolean> {
  print(`seed     ${options.seed}   (--seed ${options.seed} does the same faults again)`)
  const stopping = new AbortController()
  const report = await Promise.race([
    prove(options, print, stopping.signal),
    new Promise<undefined>((resolve) => { onStopSignals(() => { resolve(undefined) }, () => process.exit(130)) })
  ])
  if (!report) {
    stopping.abort(new Error('The run was given up.'))
    process.exit(130) // The cluster ends with us.
  }
  print(`\n${formatFaults(report.faults)}\n\n${formatPromises(report.promises)}\n\n${formatCounts(report)}\n`)
  if (!report.isKept) print(`${formatViolations(report.violations)}\n`)
  if (report.dataDir !== undefined) print(`The data and the log of the cluster were kept in ${report.dataDir}.`)
  if (options.json !== undefined) writeFileSync(options.json, JSON.stringify(report, null, 2))
  if (options.html !== undefined) writeFileSync(options.html, toPage(report))
  const { violations, faults, seed } = report
  print(report.isKept
    ? `PROVED: ${faults.length} faults, no violation (seed ${seed}).`
    : `BROKEN: ${violations.length} violations after ${faults.length} faults (seed ${seed}).`)
  return report.isKept
}

try {
  const options = readOptions(process.argv.slice(2))
  if (options === 'help') print(help)
  else process.exitCode = await main(options) ? 0 : 1
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.stack ?? error.message : String(error)}\n`)
  process.exitCode = 2
}
process.exit()
