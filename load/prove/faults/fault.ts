import type { Cluster } from '../../../cluster/start.ts'
import type { LinkSet } from '../links/node-links.ts'
import type { Random } from '../random.ts'

/** What faults are done to. */
export interface World {
  cluster: Cluster
  links: LinkSet
  random: Random
  /** Nodes that somebody is connected to. */
  busyNodes: () => Set<string>
  /** How long a fault that lasts may last, in milliseconds. */
  longestMs: number
  /** This service will end because of us, once. */
  expectEnd: (service: string) => void
}

/** A fault that is there now. */
export interface Standing {
  /** In a few words, such as `n2, SIGKILL`. */
  detail: string
  /** How long it stays; 0 when it mends by itself. */
  holdMs: number
  /** Nodes whose clients cannot be expected to hear anything while it stays. */
  mutedNodes?: string[]
  /** Nodes through which nothing is said meanwhile; the muted ones unless given. */
  silentNodes?: string[]
  /** Nodes that do nothing while it stays, and what was done to them. */
  asleep?: { nodes: string[], why: 'killed' | 'stopped' }
  /** It is over only when everybody has noticed, and has signed in again. */
  areAllSignedOut?: true
  lift?: () => void | Promise<void>
}

export interface Fault {
  name: string
  /** One line for `--help`. */
  about: string
  /** While it stays, whoever is not on a muted node hears everything within this time; not measured unless given. */
  duringMs?: number
  /** Once it is over everybody is connected, hears everything, and all nodes are ready within this time. */
  healMs: number
  inject: (world: World) => Promise<Standing>
}

/** A node that runs now, and whose end or deafness somebody would notice. */
export function pickNode ({ busyNodes, cluster, random }: World): { name: string, pid: number } {
  const busy = busyNodes()
  const running = cluster.nodes.flatMap(({ name, pid }) => pid === null ? [] : { name, pid })
  const worthwhile = running.filter(({ name }) => busy.has(name))
  return random.pick(worthwhile.length > 0 ? worthwhile : running)
}

/** Signals a service of the cluster, which starts it again by itself. */
export function end ({ expectEnd }: World, service: string, pid: number | null, signal: NodeJS.Signals): void {
  if (pid === null) throw new Error(`${service} does not run.`)
  expectEnd(service)
  process.kill(pid, signal)
}
