import { styleText } from 'node:util'
import { onceOrphaned, onStopSignals } from './stop-signals.ts'
import { help, readSettings } from './settings.ts'
import { startCluster } from './start.ts'

const colour = process.stdout.isTTY && !process.env.NO_COLOR
process.stdout.on('error', () => {}) // Whoever read our lines has gone; the cluster goes on.

function print (line: string): void {
  process.stdout.write((colour ? line.replace(/^\S+?(?=:| \|)/, (name) => styleText('cyan', name)) : line) + '\n')
}

async function main (): Promise<void> {
  const settings = readSettings(process.env)
  const stopping = new AbortController()
  const stop = () => stopping.abort(new Error('The start was given up.'))
  onStopSignals(stop, () => process.exit(130))
  onceOrphaned(stop)

  const cluster = await startCluster({ ...settings, log: print, signal: stopping.signal }).catch((error: unknown) => {
    if (!stopping.signal.aborted) throw error
  })
  if (!cluster) return
  print(`ready ${cluster.url}`)
  await aborted(stopping.signal)
  print('cluster: stops')
  await cluster.stop()
}

function aborted (signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

const [argument] = process.argv.slice(2)
if (argument === '--help' || argument === '-h') {
  print(help)
} else if (argument !== undefined) {
  process.stderr.write(`There is no option ${argument}: settings come from the environment, see --help.\n`)
  process.exitCode = 1
} else {
  await main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  })
  process.exit()
}
