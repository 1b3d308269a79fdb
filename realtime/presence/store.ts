import type { PresenceStatus } from '../../contract/index.ts'
import type { Keys } from './keys.ts'
import { loadScript, type ScriptClient } from './script.ts'

/** How somebody is, as of a version: of two pictures of one person, the higher is the later. */
export interface News {
  userId: string
  status: PresenceStatus
  /** When others saw it change last, in ms; 0 where Redis does not know. */
  atMs: number
  version: number
}

/** What became of a connection; `left` leaves a grace behind, `ended` goes with its session, at once. */
export interface Change {
  what: 'online' | 'away' | 'left' | 'ended'
  userId: string
  connectionId: string
  sessionId: string
  /** What is left of the grace. */
  graceMs: number
}

/** Somebody who has gone offline. */
export interface Departure {
  userId: string
  atMs: number
}

const scripts = {
  enter: loadScript('enter'),
  renew: loadScript('renew'),
  change: loadScript('change'),
  read: loadScript('read'),
  sweep: loadScript('sweep'),
  saved: loadScript('saved'),
  leave: loadScript('leave'),
  nodes: loadScript('nodes')
}

/** At most so many connections are swept by one run of the script, so that it never holds up Redis for long. */
const sweepSize = 500

/** The part of a node's connections that is in one partition. */
export interface NodeShare {
  name: string
  connections: number
}

/** A connection that must be there. */
export interface Sample {
  userId: string
  connectionId: string
}

/** Whose lease, and where. */
export interface LeaseKey {
  partition: number
  /** `node/<name>/<boot id>` */
  holder: string
}

export type Store = ReturnType<typeof createStore>

/** What the nodes share: each function is one script, one round trip. Where it answers undefined, the lease is gone. */
export function createStore (client: ScriptClient, keys: Keys) {
  function run (name: keyof typeof scripts, { partition, holder }: LeaseKey, ...values: Array<string | number>): Promise<unknown> {
    return scripts[name](client, keys.ofPartition(partition), [holder, ...values])
  }

  return {
    async enter (key: LeaseKey, { leaseMs, former }: { leaseMs: number, former: string }): Promise<void> {
      await run('enter', key, leaseMs, former)
    },

    async renew (
      key: LeaseKey, { leaseMs, roundMs, sample }: { leaseMs: number, roundMs: number, sample: Sample | undefined }
    ): Promise<{ isSweepDue: boolean } | undefined> {
      const answer = await run('renew', key, leaseMs, sample ? `${sample.userId} ${sample.connectionId}` : '', roundMs)
      return answer === 0 ? undefined : { isSweepDue: answer === 2 }
    },

    async change (key: LeaseKey, changes: Change[]): Promise<true | undefined> {
      return await run('change', key, ...changes.flatMap(encode)) === 1 || undefined
    },

    async read (key: LeaseKey, leaseMs: number, userIds: string[]): Promise<News[] | undefined> {
      const answer = await run('read', key, leaseMs, ...userIds)
      if (answer === 0) return undefined
      const [version, ...pairs] = answer as [string, ...Array<PresenceStatus | number>]
      return userIds.map((userId, index) => ({
        userId,
        status: pairs[2 * index] as PresenceStatus,
        atMs: Number(pairs[2 * index + 1]),
        version: Number(version)
      }))
    },

    async sweep (key: LeaseKey): Promise<{ hasMore: boolean, departures: Departure[] } | undefined> {
      const answer = await run('sweep', key, sweepSize)
      if (answer === 0) return undefined
      const [hasMore, ...pairs] = answer as [number, ...string[]]
      const departures: Departure[] = []
      for (let index = 0; index < pairs.length; index += 2) {
        departures.push({ userId: pairs[index] as string, atMs: Number(pairs[index + 1]) })
      }
      return { hasMore: hasMore === 1, departures }
    },

    async saved (key: LeaseKey, departures: Departure[]): Promise<true | undefined> {
      return await run('saved', key, ...departures.flatMap(({ userId, atMs }) => [userId, atMs])) === 1 || undefined
    },

    async leave (key: LeaseKey): Promise<true | undefined> {
      return await run('leave', key) === 1 || undefined
    },

    /** Asked under nobody's lease. A node has one in each partition, and now and then a former one beside it. */
    async nodes (partition: number): Promise<NodeShare[]> {
      const answer = await scripts.nodes(client, keys.ofPartition(partition), []) as Array<string | number>
      const shares: NodeShare[] = []
      for (let index = 0; index < answer.length; index += 2) {
        const [, name = ''] = String(answer[index]).split('/')
        shares.push({ name, connections: Number(answer[index + 1]) })
      }
      return shares
    }
  }
}

function encode ({ what, userId, connectionId, sessionId, graceMs }: Change): Array<string | number> {
  return [what, userId, connectionId, sessionId, Math.ceil(graceMs)]
}

/** What a change says on its user's channel. */
export function parseNews (userId: string, message: string): News {
  const [version, status, atMs] = message.split(' ')
  return { userId, status: status as PresenceStatus, atMs: Number(atMs), version: Number(version) }
}
