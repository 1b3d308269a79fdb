import { styleText } from 'node:util'
import { playDemo } from './demo.ts'
import { onceOrphaned, onStopSignals } from './stop-signals.ts'
import { help, readSettings } from './settings.ts'
import { startCluster } from './start.ts'

const colour = process.stdout.isTTY && !process.env.NO_COLOR
process.stdout.on('error', () => {}) // Whoever read our lines has gone; the cluster goes on.

function print (line: string): void {
  process.stdout.write((colour ? line.replace(/^\S+?(?=:| \|)/, (name) => styleText('cyan', name)) : line) + '\n')
}

async function main ({ demo }: { demo: boolean }): Promise<void> {
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
  if (demo) await Promise.race([playDemo(cluster.url, print), aborted(stopping.signal)])
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

function refuse (complaint: string): void {
  process.stderr.write(`${complaint}\n`)
  process.exitCode = 1
}

const known = ['--demo', '--help', '-h']
const options = process.argv.slice(2)
const unknown = options.find((option) => !known.includes(option))
const demo = options.includes('--demo')
if (unknown !== undefined) {
  refuse(`There is no option ${unknown}: settings come from the environment, see --help.`)
} else if (options.includes('--help') || options.includes('-h')) {
  print(help)
} else if (demo && process.env.NODE_ENV === 'production') {
  refuse('The people of --demo have a password that everybody knows: not with NODE_ENV=production.')
} else {
  await main({ demo }).catch((error: unknown) => refuse(error instanceof Error ? error.message : String(error)))
  process.exit()
}
