import { onStopSignals } from '../../cluster/stop-signals.ts'
import { formatTable } from '../prove/report/table.ts'
import { bench } from './bench.ts'
import { help, readOptions, type Options } from './options.ts'
import { figuresTable, goalsTable, remarks } from './tables.ts'

const say = (line: string): void => { process.stderr.write(`${line}\n`) }

async function main (options: Options): Promise<void> {
  const stopping = new AbortController()
  onStopSignals(() => { stopping.abort(new Error('The run was given up.')) }, () => process.exit(130))
  const report = await bench({ ...options, say, signal: stopping.signal })
  for (const part of options.parts) {
    process.stdout.write(`\n${part}\n\n${formatTable(figuresTable(part, report.samples))}\n\n${remarks(part, report.samples).join('\n')}\n`)
  }
  if (report.judgements.length > 0) process.stdout.write(`\n${formatTable(goalsTable(report.judgements))}\n`)
}

try {
  const options = readOptions(process.argv.slice(2))
  if (options === 'help') process.stdout.write(`${help}\n`)
  else await main(options)
} catch (error) {
  say(error instanceof Error ? error.stack ?? error.message : String(error))
  process.exitCode = 2
}
process.exit()
