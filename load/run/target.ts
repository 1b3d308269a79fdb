import { chmodSync, createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startCluster } from '../../cluster/start.ts'
import type { Options } from './options.ts'

/** What is loaded. */
export interface Target {
  /** Where people connect. */
  urls: string[]
  /** Whose `/metrics` is read. */
  metricsUrls: string[]
  /** Processes of this machine to be looked at beside the nodes; none where only addresses are known. */
  processes: () => Array<{ name: string, pid: number | null }>
  about: string
  close: () => Promise<void>
}

type TargetOptions = Pick<Options, 'urls' | 'metricsUrls' | 'nodes'>

/** The deployment that was named, or a cluster of its own. */
export async function openTarget (options: TargetOptions, print: (line: string) => void, signal: AbortSignal): Promise<Target> {
  const { urls, metricsUrls } = options
  if (urls.length === 0) return await startOwn(options, print, signal)
  await Promise.all(urls.map(expectAnswer))
  return {
    urls, metricsUrls: [...new Set([...urls, ...metricsUrls])], processes: () => [], about: urls.join(', '), close: async () => {}
  }
}

async function expectAnswer (url: string): Promise<void> {
  try {
    const { status } = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(10_000) })
    if (status !== 200) throw new Error(`it answers ${status}`)
  } catch (cause) {
    const reason = cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : String(cause)
    throw new Error(`${url}/readyz is not ready: ${reason}.`, { cause })
  }
}

async function startOwn ({ nodes, metricsUrls }: TargetOptions, print: (line: string) => void, signal: AbortSignal): Promise<Target> {
  const dataDir = mkdtempSync(join(tmpdir(), 'parley-load-'))
  chmodSync(dataDir, 0o755) // Postgres may run as another user.
  const logFile = createWriteStream(join(dataDir, 'cluster.log'))
  const removeAll = (): void => {
    logFile.end()
    rmSync(dataDir, { recursive: true, force: true })
  }
  print(`starting a cluster of ${nodes} ${nodes === 1 ? 'node' : 'nodes'} …`)
  try {
    const cluster = await startCluster({
      dataDir, port: 0, nodes, drainSeconds: 0, limits: 'relaxed', log: (line) => { logFile.write(`${line}\n`) }, signal
    })
    const urls = cluster.nodes.map(({ url }) => url)
    return {
      urls,
      metricsUrls: [...urls, ...metricsUrls],
      processes: () => [{ name: 'postgres', pid: cluster.postgres.pid }, { name: 'redis', pid: cluster.redis.pid }],
      about: `a cluster of its own, ${nodes} ${nodes === 1 ? 'node' : 'nodes'}`,
      close: async () => {
        await cluster.stop()
        removeAll()
      }
    }
  } catch (error) {
    removeAll()
    throw error
  }
}
