import { chmodSync, createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startCluster, type Cluster } from '../../cluster/start.ts'
import { Deaths } from './deaths.ts'
import { LinkSet } from './links/node-links.ts'
import type { Options } from './options.ts'
import type { Report } from './report/report.ts'
import { run } from './run.ts'

/** One run: a cluster of its own, people on it, faults, and the verdict. */
export async function prove (options: Options, print: (line: string) => void, signal: AbortSignal): Promise<Report> {
  const dataDir = mkdtempSync(join(tmpdir(), 'parley-prove-'))
  chmodSync(dataDir, 0o755) // Postgres may run as another user.
  const logFile = createWriteStream(join(dataDir, 'cluster.log'))
  const deaths = new Deaths()
  const links = new LinkSet()
  const log = (line: string): void => {
    logFile.write(`${new Date().toISOString()} ${line}\n`)
    deaths.read(line)
  }
  let report: Report | undefined
  let cluster: Cluster | undefined
  try {
    cluster = await startCluster({
      dataDir, port: 0, nodes: options.nodes, drainSeconds: 1, limits: 'relaxed', nodeEnv: links.nodeEnv, log, signal
    })
    print(`cluster  ${cluster.url}, its log in ${logFile.path.toString()}`)
    report = await run({ options, cluster, links, deaths, logFile, print })
    if (!report.isKept) report.dataDir = dataDir
    return report
  } finally {
    deaths.isOver = true
    await cluster?.stop()
    links.close()
    logFile.end()
    if (report?.isKept !== false) rmSync(dataDir, { recursive: true, force: true })
  }
}
