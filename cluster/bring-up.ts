import { createBalancer } from './balancer-service.ts'
import type { ClusterOptions } from './start.ts'
import type { ClusterState } from './cluster-file.ts'
import { silent } from './log.ts'
import { createNode, type ClusterNode } from './node.ts'
import { checkNodeSettings, nodeEnvironment, type Surroundings } from './node-settings.ts'
import { startPostgres } from './postgres.ts'
import { claimPort } from './public-port.ts'
import { startRedis } from './redis.ts'
import type { ServiceStack } from './service-stack.ts'
import type { Service } from './service.ts'

// Beyond what the nodes hold open, and bring the schema up to date with: for whoever looks in.
const spareConnections = 20
const leastConnections = 200

interface Store {
  readonly pid: number | null
  readonly url: string
  readonly service?: Service
}

/** Starts everything in its order, onto the stack, and returns what tells the state of it at any moment. */
export async function bringUp (options: ClusterOptions, stack: ServiceStack): Promise<() => ClusterState> {
  const { databaseUrl, dataDir, host = '127.0.0.1', log = silent, nodes: count = 3, redisUrl, signal } = options
  const { DATABASE_CONNECTIONS: connections } = checkNodeSettings(options)
  const port = await claimPort(options.port ?? 3000, host)
  const url = `http://localhost:${port}`

  const start = async (name: string, begin: () => Promise<Store & { service: Service }>): Promise<Store> => {
    const store = await begin()
    stack.push([store.service])
    log(`${name}: ready (pid ${store.pid}, port ${new URL(store.url).port})`)
    return store
  }
  const room = Math.max(count * (connections + 1) + spareConnections, leastConnections)
  const openPostgres = () => startPostgres({ dataDir, connections: room, log, signal })
  const postgres = databaseUrl ? { url: databaseUrl, pid: null } : await start('postgres', openPostgres)
  const redis = redisUrl ? { url: redisUrl, pid: null } : await start('redis', () => startRedis({ dataDir, log, signal }))

  const nodes = await createNodes(options, { databaseUrl: postgres.url, redisUrl: redis.url, publicUrl: url })
  const balancer = createBalancer({ port, host, nodes, log })
  stack.push([balancer])
  stack.push(nodes.map((node) => node.service))
  // When one node fails, the others are not waited for but stopped.
  await Promise.all(nodes.map((node) => node.service.start(signal)))
  // After the nodes, so that it knows all of them from its first request on.
  await balancer.start(signal)

  return () => ({
    url,
    balancer: { pid: balancer.pid },
    nodes: nodes.map((node) => ({ name: node.name, pid: node.service.pid, url: node.url })),
    postgres: { pid: postgres.pid, url: postgres.url },
    redis: { pid: redis.pid, url: redis.url },
  })
}

function createNodes (options: ClusterOptions, surroundings: Surroundings): Promise<ClusterNode[]> {
  const { drainSeconds = 3, log = silent, nodeEnv, nodes = 3, server } = options
  const { databaseUrl, redisUrl } = surroundings
  const env = nodeEnvironment(options, surroundings)
  const names = Array.from({ length: nodes }, (_, index) => `n${index + 1}`)
  return Promise.all(names.map(async (name) => {
    const own = await nodeEnv?.(name, { databaseUrl, redisUrl })
    return await createNode({ name, env: { ...env, ...own }, drainSeconds, log, server })
  }))
}
