import type { LinkMode } from '../links/link.ts'
import type { NodeLinks } from '../links/node-links.ts'
import { pickNode, type Fault, type Standing, type World } from './fault.ts'

/** Postgres is polled in place of Redis: what promise D4 says, and the time of a probe. */
const heardMs = 6000

export const cutRedis: Fault = {
  name: 'cut-redis',
  about: 'the link of one node, or of all, to Redis hangs or is reset for some seconds',
  duringMs: heardMs,
  healMs: 15_000,
  async inject (world) {
    const nodes = world.random.chance(0.3) ? world.cluster.nodes.map(({ name }) => name) : [pickNode(world).name]
    return cut(world, nodes, 'redis', world.random.pick(['hanging', 'refusing']))
  }
}

export const cutPostgres: Fault = {
  name: 'cut-postgres',
  about: 'the link of one node to Postgres hangs or is reset for some seconds',
  duringMs: 10_000,
  healMs: 30_000,
  async inject (world) {
    const { name } = pickNode(world)
    const standing = cut(world, [name], 'postgres', world.random.pick(['hanging', 'refusing']))
    return { ...standing, mutedNodes: [name] }
  }
}

export const loseNotices: Fault = {
  name: 'lose-notices',
  about: 'one node loses every notice of the other nodes, while all else of its link to Redis works',
  duringMs: heardMs,
  healMs: 10_000,
  async inject (world) {
    const { name } = pickNode(world)
    // What is said through it would show it what it lacks.
    return { ...cut(world, [name], 'redis', 'forgetful'), silentNodes: [name] }
  }
}

export const loseEndings: Fault = {
  name: 'lose-endings',
  about: 'no node hears from another that a session has ended, while all else works',
  duringMs: heardMs,
  healMs: 10_000,
  inject: async (world) => cut(world, world.cluster.nodes.map(({ name }) => name), 'redis', 'endless')
}

function cut ({ links, longestMs, random }: World, nodes: string[], store: keyof NodeLinks, mode: LinkMode): Standing {
  const set = (to: LinkMode): void => { for (const name of nodes) links.of(name)[store].mode = to }
  set(mode)
  return {
    detail: `${nodes.join(' ')}, ${mode}`,
    holdMs: random.between(Math.min(4000, longestMs), longestMs),
    lift: () => { set('open') }
  }
}
