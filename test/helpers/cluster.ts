import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startCluster, type Cluster, type ClusterOptions } from '../../cluster/start.ts'
import { createStores, type Ending, type Stores } from './stores.ts'
import type { Address } from './node.ts'
import { until } from './until.ts'

export interface TestCluster {
  cluster: Cluster
  stores: Stores
  /** By way of the balancer. */
  front: Address
}

/** The embedded cluster on the stores of the tests: real processes behind the real balancer. Stopped when the test ends. */
export async function startTestCluster (t: Ending, options: Partial<ClusterOptions> = {}): Promise<TestCluster> {
  const stores = await createStores(t)
  const dataDir = mkdtempSync(join(tmpdir(), 'parley-test-'))
  chmodSync(dataDir, 0o755)
  t.teardown(() => { rmSync(dataDir, { recursive: true, force: true }) })
  const cluster = await startCluster({
    dataDir,
    port: 0,
    databaseUrl: stores.databaseUrl,
    redisUrl: stores.redisUrl,
    limits: 'relaxed',
    ...options,
    env: { REDIS_PREFIX: stores.redisPrefix, LOG_LEVEL: 'error', DATABASE_CONNECTIONS: '4', ...options.env }
  })
  t.teardown(() => cluster.stop())
  const sockets: Address['sockets'] = new Set()
  t.teardown(() => { for (const socket of sockets) socket.close() })
  return { cluster, stores, front: { name: 'balancer', url: cluster.url, sockets } }
}

/** Tells a node to stop, as a deploy does, and resolves when it is ready again as another process. */
export async function restartNode ({ cluster }: TestCluster, name: string, withinMs = 30_000): Promise<void> {
  const find = () => cluster.nodes.find((node) => node.name === name)
  const before = find()?.pid
  if (!before) throw new Error(`${name} does not run.`)
  process.kill(before, 'SIGTERM')
  await until(`${name} is back`, async () => {
    const now = find()
    return now?.pid !== null && now?.pid !== before && now !== undefined && (await fetch(`${now.url}/readyz`)).status === 200
  }, withinMs)
}
