import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { once } from 'node:events'
import { Cluster, Redis } from 'ioredis'
import { silent } from '../../cluster/log.ts'
import { findFreePort } from '../../cluster/ports.ts'
import { findRedis } from '../../cluster/redis-binary.ts'
import { retry } from '../../cluster/retry.ts'
import { spawnBound } from '../../cluster/spawn-bound.ts'
import type { Ending } from '../helpers/stores.ts'

const slots = 16_384
const masters = 3
/** Each also listens on its port + 10,000, where no outgoing connection may be in the way. */
const busOffset = 10_000
const highestPort = 32_767 - busOffset

/** Starts a Redis Cluster of three masters; answers their ports. */
export async function startRedisCluster (t: Ending): Promise<number[]> {
  const ports = await Promise.all(Array.from({ length: masters }, () => startMaster(t)))
  const nodes = ports.map((port) => new Redis(port))
  const share = Math.ceil(slots / masters)
  await Promise.all(nodes.map((node, index) =>
    node.call('CLUSTER', 'ADDSLOTSRANGE', index * share, Math.min((index + 1) * share, slots) - 1)))
  for (const port of ports) await nodes[0]?.call('CLUSTER', 'MEET', '127.0.0.1', port)
  await Promise.all(nodes.map((node) => retry(async () => {
    const info = await node.call('CLUSTER', 'INFO') as string
    if (!info.includes('cluster_state:ok')) throw new Error(info)
  }, { timeoutMs: 20_000 })))
  for (const node of nodes) node.disconnect()
  return ports
}

async function startMaster (t: Ending): Promise<number> {
  const { command, env } = await findRedis(tmpdir(), silent)
  const folder = mkdtempSync(join(tmpdir(), 'parley-redis-cluster-'))
  const port = await findLowPort()
  const child = spawnBound(command, [
    '--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--cluster-enabled', 'yes', '--loglevel', 'warning',
  ], { env: { ...process.env, ...env }, deathSignal: 'SIGKILL', stdio: 'ignore' })
  const ended = once(child, 'exit')
  t.teardown(async () => {
    child.kill('SIGKILL')
    await ended
    rmSync(folder, { recursive: true, force: true })
  })
  const redis = new Redis(port, { retryStrategy: () => 50, maxRetriesPerRequest: null })
  redis.on('error', () => {}) // Until it has started.
  await redis.ping()
  redis.disconnect()
  return port
}

async function findLowPort (): Promise<number> {
  for (;;) {
    const port = await findFreePort()
    if (port <= highestPort) return port
  }
}

/** The two clients of a node, as on a single Redis. */
export function connectCluster (ports: number[]): { commands: Cluster, subscriber: Cluster } {
  const nodes = ports.map((port) => ({ host: '127.0.0.1', port }))
  const clusterRetryStrategy = () => 50
  return {
    commands: new Cluster(nodes, {
      clusterRetryStrategy, enableOfflineQueue: false, redisOptions: { commandTimeout: 500, maxRetriesPerRequest: 0 },
    }),
    subscriber: new Cluster(nodes, { clusterRetryStrategy, shardedSubscribers: true }),
  }
}
