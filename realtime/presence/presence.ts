import { randomUUID } from 'node:crypto'
import type { FastifyBaseLogger } from 'fastify'
import type { Presence } from '../../contract/index.ts'
import { isRedisUnavailable } from '../../domain/failures.ts'
import { hiddenPresence, type PresenceRules } from '../../domain/presence.ts'
import type { RedisClients } from '../../plugins/redis.ts'
import { every } from '../periodic.ts'
import { createKeys, partitionCount, partitionOf } from './keys.ts'
import { Partition } from './partition.ts'
import { createReader, toPresence } from './reader.ts'
import { sumByNode } from './nodes.ts'
import { summarize } from './room.ts'
import type { ScriptClient } from './script.ts'
import { standardLimits, type ChangeListener, type DisconnectCause, type Limits, type PresenceService } from './service.ts'
import { createStore } from './store.ts'
import type { SubscriberClient } from './subscriptions.ts'
import { Sweeper } from './sweeper.ts'
import { beatMs, standardTimings, type Timings } from './timings.ts'
import { Watching } from './watching.ts'

export interface PresenceOptions {
  redis: {
    commands: ScriptClient & Pick<SubscriberClient, 'on' | 'off'>
    subscriber: SubscriberClient
    name: RedisClients['name']
  }
  /** Name of this node; different on each. */
  node: string
  log: FastifyBaseLogger
  rules: PresenceRules
  /** Different for every life of every node. */
  bootId?: string
  timings?: Partial<Timings>
  limits?: Partial<Limits>
}

export function createPresence (options: PresenceOptions): PresenceService {
  const { redis, node, log, rules, bootId = randomUUID().slice(0, 8) } = options
  const timings = { ...standardTimings, ...options.timings }
  const limits = { ...standardLimits, ...options.limits }
  const listeners: ChangeListener[] = []
  let isDraining = false

  const onFailure = (error: unknown): void => {
    // That Redis is away is said by its client, once.
    if (isRedisUnavailable(error)) log.debug({ err: error }, 'presence waits for redis')
    else log.error({ err: error }, 'presence could not be brought up to date; the next beat tries again')
  }
  const keys = createKeys(redis.name)
  const store = createStore(redis.commands, keys)
  const partitions = Array.from({ length: partitionCount }, (_, partition) =>
    new Partition({ partition, identity: `node/${node}/${bootId}`, store, timings, onFailure }))
  const reader = createReader({ partitions, store, leaseMs: timings.leaseMs, readLastSeen: rules.readLastSeen, onFailure })
  const sweeper = new Sweeper({ store, saveLastSeen: rules.saveLastSeen, onFailure })
  const watching = new Watching({
    client: redis.subscriber,
    keys,
    reader,
    rules,
    partitions,
    timings,
    maxWatched: limits.watched,
    onFailure,
    tell: (connectionIds, users) => { for (const listener of listeners) listener(connectionIds, users) }
  })

  const heart = every(log, () => beatMs(timings), async () => {
    const due: Partition[] = []
    await Promise.all(partitions.map((partition) => partition.beat().then(
      ({ isSweepDue }) => { if (isSweepDue) due.push(partition) }, onFailure)))
    if (due.length > 0) void sweeper.sweep(due)
  })
  const refresh = every(log, () => beatMs(timings), () => watching.refresh())

  const homeOf = (connectionId: string) => partitions.find(({ connections }) => connections.has(connectionId))
  const home = (userId: string): Partition => partitions[partitionOf(userId)] as Partition

  function remove (partition: Partition, connectionId: string, cause: DisconnectCause): Promise<void> {
    if (cause === 'logout') return partition.remove(connectionId, 'ended')
    if (cause === 'silent') return partition.remove(connectionId, 'left')
    const isDrained = isDraining || cause === 'drained'
    return partition.remove(connectionId, 'left', isDrained ? timings.drainGraceMs : timings.graceMs)
  }

  const read = async (userIds: string[]) => await reader.complete(await reader.ask(userIds))

  async function see (viewerId: string, userIds: string[]): Promise<Presence[]> {
    const visible = await rules.visibleTo(viewerId, userIds)
    const seen = new Map((await read([...visible.keys()])).map((presence) => [presence.userId, presence]))
    return userIds.map((userId) => seen.get(userId) ?? hiddenPresence(userId))
  }

  return {
    async start () {
      redis.commands.on('ready', heart.now)
      await Promise.all(partitions.map((partition) => partition.ready()))
      heart.start()
      refresh.start()
    },

    connect: ({ userId, sessionId, connectionId }) => home(userId).put(connectionId, { userId, sessionId, status: 'online' }),

    disconnect ({ userId, connectionId, cause }) {
      watching.forget(connectionId)
      void remove(home(userId), connectionId, cause)
    },

    async setStatus (connectionId, status) {
      const partition = homeOf(connectionId)
      const connection = partition?.connections.get(connectionId)
      if (connection && connection.status !== status) await partition?.put(connectionId, { ...connection, status })
    },

    read,

    see,

    async seeRoom (viewerId, roomId) {
      const news = await reader.ask(await rules.membersFor(viewerId, roomId))
      return summarize(news.map((item) => toPresence(item)), limits.listed)
    },

    async watch (connectionId, viewerId, userIds, rooms) {
      // A command may be carried out after its connection has gone: then nobody would ever end the watching.
      return homeOf(connectionId) ? await watching.watch(connectionId, viewerId, userIds, rooms) : await see(viewerId, userIds)
    },

    unwatch (connectionId, userIds) { watching.unwatch(connectionId, userIds) },

    moved (userIds) {
      watching.moved(userIds)
      refresh.now()
    },

    async nodes () {
      const shares = await Promise.all(partitions.map((_, partition) => store.nodes(partition)))
      return sumByNode(shares.flat())
    },

    onChanged (listener) { listeners.push(listener) },

    measure: () => ({
      ...watching.measure(),
      connections: partitions.reduce((sum, { connections }) => sum + connections.size, 0),
      partitionsOutOfTouch: partitions.filter(({ isOutOfTouch }) => isOutOfTouch).length
    }),

    drain () { isDraining = true },

    async close () {
      redis.commands.off('ready', heart.now)
      heart.stop()
      refresh.stop()
      watching.end()
      for (const partition of partitions) {
        for (const connectionId of partition.connections.keys()) void remove(partition, connectionId, 'drained')
      }
      await Promise.all(partitions.map((partition) => partition.leave().catch(onFailure)))
    }
  }
}
