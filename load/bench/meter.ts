import { availableParallelism } from 'node:os'
import { cpuOf, cpuOfFamily, cpuOfMachine } from './cpu.ts'

/** Whose CPU is counted. A store that somebody else runs cannot be looked at. */
export interface Watched {
  nodes: number[]
  redis?: number | undefined
  postgres?: number | undefined
  /** What makes the load: not counted as the server's, and not as somebody else's. */
  load: number[]
}

/** CPU-microseconds used within a window. */
export interface Usage {
  elapsedMs: number
  nodeUs: number
  redisUs: number
  postgresUs: number
  /** Nodes and stores together: what is compared. */
  serverUs: number
  loadUs: number
  /** What processes that are not ours used, as a share of the machine. */
  othersShare: number
}

interface Reading {
  at: number
  nodes: number
  redis: number
  postgres: number
  load: number
  machine: number
}

function read ({ nodes, redis, postgres, load }: Watched): Reading {
  const sum = (pids: number[]): number => pids.reduce((total, pid) => total + cpuOf(pid), 0)
  return {
    at: performance.now(),
    nodes: sum(nodes),
    redis: redis === undefined ? 0 : cpuOf(redis),
    postgres: postgres === undefined ? 0 : cpuOfFamily(postgres),
    load: sum(load),
    machine: cpuOfMachine()
  }
}

/** Begins a window; calling what it returns ends it. */
export function startMeter (watched: Watched): () => Usage {
  const before = read(watched)
  return () => {
    const after = read(watched)
    const elapsedMs = after.at - before.at
    const nodeUs = after.nodes - before.nodes
    const redisUs = after.redis - before.redis
    const postgresUs = after.postgres - before.postgres
    const loadUs = after.load - before.load
    const serverUs = nodeUs + redisUs + postgresUs
    const others = Math.max(0, after.machine - before.machine - serverUs - loadUs)
    return { elapsedMs, nodeUs, redisUs, postgresUs, serverUs, loadUs, othersShare: others / (elapsedMs * 1000 * availableParallelism()) }
  }
}
