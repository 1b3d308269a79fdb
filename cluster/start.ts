import { resolve } from 'node:path'
import { bringUp } from './bring-up.ts'
import { ClusterFile, type ClusterState } from './cluster-file.ts'
import { openDataDir } from './data-dir.ts'
import { lockDataDir } from './data-lock.ts'
import { waitForLeftovers } from './leftovers.ts'
import { silent, type Log } from './log.ts'
import { ServiceStack } from './service-stack.ts'

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
  /** For one node, over all that, once the stores are up: such as a way to Redis that can be cut. */
  nodeEnv?: (name: string, stores: StoreUrls) => Record<string, string> | Promise<Record<string, string>>
  /** The script that a node runs, for tests of the cluster itself. */
  server?: string
  log?: Log
  /** Gives up a start that is under way, and stops what has been started. */
  signal?: AbortSignal
}

/** What the nodes stand on. */
export interface StoreUrls {
  databaseUrl: string
  redisUrl: string
}

/** A running cluster; its pids change when something dies and is started again. */
export interface Cluster extends Readonly<ClusterState> {
  /** Nodes first, which drain; then the balancer, Redis and Postgres. */
  stop (): Promise<void>
}

/** Starts Postgres, Redis, the nodes and their balancer; resolves when all of them are ready. */
export async function startCluster (options: ClusterOptions): Promise<Cluster> {
  const { log = silent, signal } = options
  const dataDir = resolve(options.dataDir)
  openDataDir(dataDir)
  const lock = lockDataDir(dataDir)
  const stack = new ServiceStack()
  try {
    if (lock.wasLeft) await waitForLeftovers(dataDir, log, signal)
    const describe = await bringUp({ ...options, dataDir }, stack)
    const file = new ClusterFile(dataDir, describe)
    file.write()
    stack.keepRunning(log, () => file.update())
    return asCluster(describe, async () => {
      await stack.stop()
      file.remove()
      lock.release()
    })
  } catch (error) {
    await stack.stop()
    lock.release()
    throw error
  }
}

function asCluster (describe: () => ClusterState, stop: () => Promise<void>): Cluster {
  let stopped: Promise<void> | undefined
  return {
    get url () { return describe().url },
    get balancer () { return describe().balancer },
    get nodes () { return describe().nodes },
    get postgres () { return describe().postgres },
    get redis () { return describe().redis },
    stop: () => {
      stopped ??= stop()
      return stopped
    },
  }
}
