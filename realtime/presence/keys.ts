import type { RedisClients } from '../../plugins/redis.ts'

/**
 * Users are spread over so many partitions, each in one slot of a Redis Cluster, so that a script finds all of it in one
 * place. Whoever asks about fifty people asks each partition: more of them cost every arrival more.
 */
export const partitionCount = 4

/** FNV-1a: even, and the same on every node for ever. */
export function partitionOf (userId: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < userId.length; index++) hash = Math.imul(hash ^ userId.charCodeAt(index), 0x01000193)
  return (hash >>> 0) % partitionCount
}

/** Users by their partition. */
export function byPartition (userIds: Iterable<string>): Map<number, string[]> {
  const groups = new Map<number, string[]>()
  for (const userId of userIds) {
    const partition = partitionOf(userId)
    const group = groups.get(partition)
    if (group) group.push(userId)
    else groups.set(partition, [userId])
  }
  return groups
}

const names = ['leases', 'online', 'away', 'held', 'shown', 'left', 'clock', 'sweeping']

export interface Keys {
  /** In the order in which every script takes them; see lua/shared.lua. */
  ofPartition: (partition: number) => string[]
  /** Where changes of this user are told. */
  channel: (userId: string) => string
  /** Whose channel it is; undefined for a channel of somebody else's. */
  userOf: (channel: string) => string | undefined
}

export function createKeys (name: RedisClients['name']): Keys {
  const ours = name('presence', '')
  const prefixes = Array.from({ length: partitionCount }, (_, partition) => `${ours}{p${partition}}:`)
  const keys = prefixes.map((prefix) => names.map((key) => prefix + key))
  return {
    ofPartition: (partition) => keys[partition] as string[],
    channel: (userId) => `${prefixes[partitionOf(userId)]}user:${userId}`,
    userOf: (channel) => channel.startsWith(ours) ? channel.slice(channel.lastIndexOf(':') + 1) : undefined
  }
}
