// Starts what the tests need, runs them and says on its last line how many passed. Arguments choose files:
//   npm test -- test/rooms test/helpers/recorder.test.ts
// TEST_JOBS: how many files at once, and half as many that start clusters. TEST_LOG=info: the nodes' logs. TEST_DATABASE_URL, TEST_REDIS_URL: servers to use.
import { availableParallelism } from 'node:os'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { selectFiles } from './runner/files.ts'
import type { FileOutcome } from './runner/outcome.ts'
import { describeFile, describeSkipped, summarize } from './runner/report.ts'
import { runFiles } from './runner/run-files.ts'
import { startStores } from './runner/stores.ts'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
// Most of a test is waiting: two for each core, and no more than one Postgres likes.
const jobs = Number(process.env.TEST_JOBS ?? Math.min(2 * availableParallelism(), 8))

const stopping = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => stopping.abort(new Error(`The tests were stopped by ${signal}.`)))
}

async function runSelected (): Promise<FileOutcome[]> {
  const { together, clusters } = selectFiles(root, process.argv.slice(2))
  const stores = await startStores(process.env, stopping.signal)
  try {
    const surroundings = { root, env: { ...process.env, ...stores.env }, signal: stopping.signal }
    const say = (file: FileOutcome) => console.log(describeFile(file))
    // A cluster is many processes, and waits for them most of the time: half as many at once, beside the others.
    return (await Promise.all([
      runFiles(clusters, Math.ceil(jobs / 2), surroundings, say),
      runFiles(together, jobs, surroundings, say)
    ])).flat()
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
