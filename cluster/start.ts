import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { createBalancer } from './balancer-service.ts'
import { ClusterFile, type ClusterState } from './cluster-file.ts'
import { lockDataDir } from './data-lock.ts'
import { keepRunning } from './keep-running.ts'
import { waitForLeftovers } from './leftovers.ts'
import { silent, type Log } from './log.ts'
import { createNode, type ClusterNode } from './node.ts'
import { startPostgres } from './postgres.ts'
import { claimPort } from './public-port.ts'
import { startRedis } from './redis.ts'
import { readOrMakeSecret } from './secret.ts'
import type { Service } from './service.ts'

export interface ClusterOptions {
  dataDir: string
  /** 3000 unless given; 0 takes any free one. */
  port?: number
  /** The address of the balancer, 127.0.0.1 unless given. */
  host?: string
  /** How many, 3 unless given. */
  nodes?: number
  databaseUrl?: string
  redisUrl?: string
  drainSeconds?: number
  limits?: 'relaxed'
  /** For the nodes, over everything else. */
  env?: Record<string, string>
  /** The script that a node runs, for tests of the cluster itself. */
  server?: string
  log?: Log
  /** Gives up a start that is under way, and stops what has been started. */
  signal?: AbortSignal
}

/** A running cluster; its pids change when something dies and is started again. */
export interface Cluster extends Readonly<ClusterState> {
  /** Nodes first, which drain; then the balancer, Redis and Postgres. */
  stop (): Promise<void>
}

interface StoreServer {
  readonly pid: number | null
  readonly url: string
  readonly service?: Service
}

/** Starts Postgres, Redis, the nodes and their balancer; resolves when all of them are ready. */
export async function startCluster (options: ClusterOptions): Promise<Cluster> {
  const { log = silent, signal } = options
  const dataDir = resolve(options.dataDir)
  mkdirSync(dataDir, { recursive: true })
  const lock = lockDataDir(dataDir)
  const started: Service[][] = []
  try {
    if (lock.wasLeft) await waitForLeftovers(dataDir, log, signal)
    const host = options.host ?? '127.0.0.1'
    const port = await claimPort(options.port ?? 3000, host)
    const url = `http://localhost:${port}`

    const postgres = await findOrStart('postgres', options.databaseUrl, () => startPostgres({ dataDir, log, signal }), log)
    started.push(postgres.service ? [postgres.service] : [])
    const redis = await findOrStart('redis', options.redisUrl, () => startRedis({ dataDir, log, signal }), log)
    started.push(redis.service ? [redis.service] : [])

    const nodes = await createNodes(options, { dataDir, url, databaseUrl: postgres.url, redisUrl: redis.url })
    const balancer = createBalancer({ port, host, nodes, log })
    started.push([balancer], nodes.map((node) => node.service))
    // When one node fails, the others are not waited for but stopped.
    await Promise.all(nodes.map((node) => node.service.start(signal)))
    // After the nodes, so that it knows all of them from its first request on.
    await balancer.start(signal)

    const describe = (): ClusterState => ({
      url,
      balancer: { pid: balancer.pid },
      nodes: nodes.map((node) => ({ name: node.name, pid: node.service.pid, url: node.url })),
      postgres: { pid: postgres.pid, url: postgres.url },
      redis: { pid: redis.pid, url: redis.url },
    })
    const file = new ClusterFile(dataDir, describe)
    file.write()
    const watches = started.flat().map((service) => {
      service.on('change', () => file.update())
      return keepRunning(service, log)
    })
    const stop = async () => {
      for (const watch of watches) watch.letGo()
      await stopInTurn(started)
      file.remove()
      lock.release()
    }
    return asCluster(describe, stop)
  } catch (error) {
    await stopInTurn(started)
    lock.release()
    throw error
  }
}

async function findOrStart (name: string, url: string | undefined, start: () => Promise<StoreServer>, log: Log): Promise<StoreServer> {
  if (url) return { url, pid: null }
  const server = await start()
  log(`${name}: ready (pid ${server.pid}, port ${new URL(server.url).port})`)
  return server
}

interface Surroundings {
  dataDir: string
  url: string
  databaseUrl: string
  redisUrl: string
}

async function createNodes (options: ClusterOptions, { dataDir, url, databaseUrl, redisUrl }: Surroundings): Promise<ClusterNode[]> {
  const { drainSeconds = 3, limits, log = silent, nodes = 3, server } = options
  const env = {
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl,
    SESSION_SECRET: process.env.SESSION_SECRET || readOrMakeSecret(dataDir),
    PUBLIC_URL: url,
    TRUST_PROXY: 'loopback',
    LOG_LEVEL: process.env.LOG_LEVEL || 'warn',
    ...(limits ? { LIMITS: limits } : {}),
    ...options.env,
  }
  const names = Array.from({ length: nodes }, (_, index) => `n${index + 1}`)
  return Promise.all(names.map((name) => createNode({ name, env, drainSeconds, log, server })))
}

/** In the opposite order of the start. */
async function stopInTurn (started: Service[][]): Promise<void> {
  for (const services of started.toReversed()) await Promise.all(services.map((service) => service.stop()))
}

function asCluster (describe: () => ClusterState, stop: () => Promise<void>): Cluster {
  let stopped: Promise<void> | undefined
  return {
    get url () { return describe().url },
    get balancer () { return describe().balancer },
    get nodes () { return describe().nodes },
    get postgres () { return describe().postgres },
    get redis () { return describe().redis },
    stop: () => stopped ??= stop(),
  }
}
