// Starts what the tests need, runs them and says on its last line how many passed. Arguments choose files:
//   npm test -- test/rooms test/helpers/recorder.test.ts
// TEST_JOBS: how many files at once. TEST_LOG=info: the nodes' logs. TEST_DATABASE_URL, TEST_REDIS_URL: servers to use.
import { availableParallelism } from 'node:os'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { selectFiles } from './runner/files.ts'
import { describeFile, describeSkipped, summarize } from './runner/report.ts'
import { runFile, type FileOutcome } from './runner/run-file.ts'
import { startStores } from './runner/stores.ts'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
// Most of a test is waiting: two for each core, and no more than one Postgres likes.
const jobs = Number(process.env.TEST_JOBS ?? Math.min(2 * availableParallelism(), 8))

const stopping = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => stopping.abort(new Error(`The tests were stopped by ${signal}.`)))
}

async function runAll (files: string[], atOnce: number, env: NodeJS.ProcessEnv): Promise<FileOutcome[]> {
  const results: FileOutcome[] = []
  const waiting = files.values()
  const work = async () => {
    for (const file of waiting) {
      stopping.signal.throwIfAborted()
      const result = await runFile(root, file, env, stopping.signal)
      results.push(result)
      console.log(describeFile(result))
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return results
}

async function runSelected (): Promise<FileOutcome[]> {
  const { together, clusters } = selectFiles(root, process.argv.slice(2))
  const stores = await startStores(process.env, stopping.signal)
  try {
    const env = { ...process.env, ...stores.env }
    // A cluster is many processes: half as many at once.
    return [...await runAll(together, jobs, env), ...await runAll(clusters, Math.ceil(jobs / 2), env)]
  } finally {
    await stores.stop()
  }
}

try {
  const files = await runSelected()
  for (const line of describeSkipped(files)) console.log(line)
  const outcomes = files.flatMap((file) => file.outcomes)
  console.log(summarize(outcomes))
  process.exitCode = outcomes.length === 0 || outcomes.some(({ status }) => status === 'failed') ? 1 : 0
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  console.log('0 passed, 1 failed')
  process.exitCode = 1
}
