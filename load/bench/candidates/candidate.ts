import type { CandidateName } from '../sample.ts'
import { startServer, type ServerOptions, type ServerProcess } from '../server-process.ts'
import type { Stage } from '../stage.ts'

/** Servers of one candidate that run as a cluster. */
export interface Running {
  candidate: CandidateName
  nodes: ServerProcess[]
  stop: () => Promise<void>
}

export interface Candidate {
  name: CandidateName
  /** @param redisUrlOf for a way to Redis of each node's own */
  start: (stage: Stage, nodes: number, redisUrlOf?: (index: number) => string) => Promise<Running>
}

/** A candidate of which each node is a process of this script. */
export function createCandidate (
  name: CandidateName,
  serverOf: (stage: Stage, node: { name: string, redisUrl: string }) => Pick<ServerOptions, 'script' | 'env'>
): Candidate {
  return {
    name,
    async start (stage, count, redisUrlOf = () => stage.stores.redisUrl) {
      const nodes: ServerProcess[] = []
      const stop = async (): Promise<void> => { await Promise.all(nodes.map((node) => node.stop())) }
      const starting = await Promise.allSettled(Array.from({ length: count }, async (_, index) => {
        const node = `n${index + 1}`
        nodes[index] = await startServer({ name: `${name} ${node}`, signal: stage.signal, ...serverOf(stage, { name: node, redisUrl: redisUrlOf(index) }) })
      }))
      const failed = starting.find(({ status }) => status === 'rejected')
      if (failed?.status === 'rejected') {
        await stop()
        throw failed.reason
      }
      return { candidate: name, nodes, stop }
    }
  }
}
