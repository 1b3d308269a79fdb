import { createBalancer } from './balancer-service.ts'
import type { ClusterOptions, StoreUrls } from './start.ts'
import type { ClusterState } from './cluster-file.ts'
import { silent } from './log.ts'
import { createNode, type ClusterNode } from './node.ts'
import { startPostgres } from './postgres.ts'
import { claimPort } from './public-port.ts'
import { startRedis } from './redis.ts'
import { readOrMakeSecret } from './secret.ts'
import type { ServiceStack } from './service-stack.ts'
import type { Service } from './service.ts'

interface Store {
  readonly pid: number | null
  readonly url: string
  readonly service?: Service
}

/** Starts everything in its order, onto the stack, and returns what tells the state of it at any moment. */
export async function bringUp (options: ClusterOptions, stack: ServiceStack): Promise<() => ClusterState> {
  const { databaseUrl, dataDir, host = '127.0.0.1', log = silent, redisUrl, signal } = options
  const port = await claimPort(options.port ?? 3000, host)
  const url = `http://localhost:${port}`

  const start = async (name: string, begin: () => Promise<Store & { service: Service }>): Promise<Store> => {
    const store = await begin()
    stack.push([store.service])
    log(`${name}: ready (pid ${store.pid}, port ${new URL(store.url).port})`)
    return store
  }
  const postgres = databaseUrl ? { url: databaseUrl, pid: null } : await start('postgres', () => startPostgres({ dataDir, log, signal }))
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

function createNodes (options: ClusterOptions, surroundings: StoreUrls & { publicUrl: string }): Promise<ClusterNode[]> {
  const { dataDir, drainSeconds = 3, limits, log = silent, nodeEnv, nodes = 3, server } = options
  const { databaseUrl, publicUrl, redisUrl } = surroundings
  const env = {
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl,
    PUBLIC_URL: publicUrl,
    SESSION_SECRET: process.env.SESSION_SECRET || readOrMakeSecret(dataDir),
    TRUST_PROXY: 'loopback',
    LOG_LEVEL: process.env.LOG_LEVEL || 'warn',
    ...(limits ? { LIMITS: limits } : {}),
    ...options.env,
  }
  const names = Array.from({ length: nodes }, (_, index) => `n${index + 1}`)
  return Promise.all(names.map(async (name) => {
    const own = await nodeEnv?.(name, { databaseUrl, redisUrl })
    return await createNode({ name, env: { ...env, ...own }, drainSeconds, log, server })
  }))
}
