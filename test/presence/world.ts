import { randomUUID } from 'node:crypto'
import { Redis, type Cluster } from 'ioredis'
import { pino } from 'pino'
import { retry } from '../../cluster/retry.ts'
import type { Presence } from '../../contract/index.ts'
import type { PresenceRules } from '../../domain/presence.ts'
import { createPresence, type PresenceOptions } from '../../realtime/presence/presence.ts'
import { partitionOf } from '../../realtime/presence/keys.ts'
import type { DisconnectCause, PresenceService } from '../../realtime/presence/service.ts'
import type { Timings } from '../../realtime/presence/timings.ts'
import { Recorder } from '../helpers/recorder.ts'
import type { Ending } from '../helpers/stores.ts'
import { connectCluster } from './redis-cluster.ts'

/** Short, but long enough for a machine that is busy. */
export const quick: Timings = {
  leaseMs: 900, graceMs: 700, drainGraceMs: 1400, tickMs: 30, refreshMs: 60_000, subscribeMs: 500
}
export const deadlineMs = 5000

/** A single Redis, or a cluster of them. */
type Client = Redis | Cluster

/** What nodes have in common: a Redis, and who may see whom: everybody sees everybody, except for strangers. */
export interface World {
  /** A single Redis by its URL, or a cluster by its ports. */
  redis: string | number[]
  prefix: string
  /** As Postgres would have it. */
  lastSeen: Map<string, string>
  isPostgresAway: boolean
  strangers: Set<string>
}

/** Tests that are run on a cluster as well. */
let shared: string | number[] | undefined = process.env.TEST_REDIS_URL

export function useRedis (redis: string | number[]): void {
  shared = redis
}

export function createWorld (t: Ending, redis = shared): World {
  if (!redis) throw new Error('TEST_REDIS_URL is not set: run the tests with `npm test`.')
  const world = {
    redis,
    prefix: `test-${randomUUID()}`,
    lastSeen: new Map<string, string>(),
    isPostgresAway: false,
    strangers: new Set<string>(),
  }
  t.teardown(() => removeKeys(world))
  return world
}

/** What each Redis of the world answers. */
async function askAll<T> ({ redis }: World, ask: (client: Redis) => Promise<T[]>): Promise<T[]> {
  const servers = typeof redis === 'string' ? [redis] : redis.map((port) => `redis://127.0.0.1:${port}`)
  const answers = await Promise.all(servers.map(async (url) => {
    const client = new Redis(url)
    const answer = await ask(client)
    client.disconnect()
    return answer
  }))
  return answers.flat()
}

/** Every key of presence there is. */
export async function listKeys (world: World): Promise<string[]> {
  return await askAll(world, (client) => client.keys(`${world.prefix}:*`))
}

/** Everybody whom some node listens to. */
export async function listSubscribed (world: World): Promise<string[]> {
  const channels = await askAll(world, async (client) =>
    await client.call('PUBSUB', 'SHARDCHANNELS', `${world.prefix}:*`) as string[])
  return channels.flatMap((channel) => channel.split(':').at(-1) ?? []).sort()
}

/** All keys, or those of one name. */
export async function removeKeys (world: World, name = '*'): Promise<void> {
  await askAll(world, async (client) => {
    const keys = (await client.keys(`${world.prefix}:*`)).filter((key) => name === '*' || key.endsWith(`:${name}`))
    // All at once, as FLUSHALL would; those of a cluster stand in several slots.
    await Promise.all(keys.map((key) => client.del(key)))
    return []
  })
}

function createRules (world: World): PresenceRules {
  const { lastSeen, strangers } = world
  const maySee = (viewerId: string, userId: string) => viewerId === userId || !(strangers.has(viewerId) || strangers.has(userId))
  return {
    filterVisible: async (pairs) => pairs.filter(({ viewerId, userId }) => maySee(viewerId, userId)),
    visibleTo: async (viewerId, userIds) => new Map(userIds.filter((userId) => maySee(viewerId, userId)).map((userId) => [userId, undefined])),
    membersFor: async () => [],
    readLastSeen: async (userIds) => new Map([...lastSeen].filter(([userId]) => userIds.includes(userId))),
    saveLastSeen: async (departures) => {
      if (world.isPostgresAway) throw new Error('Postgres is away')
      for (const { userId, atMs } of departures) lastSeen.set(userId, new Date(atMs).toISOString())
    },
  }
}

/** A node as far as presence goes. */
export class PresenceNode {
  readonly service: PresenceService
  readonly redis: { commands: Client, subscriber: Client }
  readonly #recorders = new Map<string, Recorder>()
  readonly #users = new Map<string, string>()

  constructor (options: PresenceOptions & { redis: { commands: Client, subscriber: Client } }) {
    this.redis = options.redis
    this.service = createPresence(options)
    this.service.onChanged((connectionIds, users) => {
      for (const connectionId of connectionIds) this.#recorder(connectionId).add('presence:changed', users)
    })
  }

  /** Somebody comes; answers the connection. */
  async connect (userId: string, sessionId: string = randomUUID()): Promise<string> {
    const connectionId = randomUUID()
    this.#users.set(connectionId, userId)
    await this.service.connect({ userId, sessionId, connectionId })
    return connectionId
  }

  disconnect (connectionId: string, cause: DisconnectCause = 'dropped'): void {
    this.service.disconnect({ userId: this.#users.get(connectionId) ?? '', connectionId, cause })
  }

  async statusOf (userId: string): Promise<string | undefined> {
    return (await this.service.read([userId]))[0]?.status
  }

  /** A connection that watches these people; answers it with the statuses of the picture. */
  async watch (viewerId: string, ...userIds: string[]): Promise<{ connectionId: string, picture: string[] }> {
    const connectionId = await this.connect(viewerId)
    const picture = await this.service.watch(connectionId, viewerId, userIds)
    return { connectionId, picture: picture.map(({ status }) => status) }
  }

  /** The next change that a connection is told, whatever it is. */
  async nextChange (connectionId: string, withinMs = deadlineMs): Promise<Presence[]> {
    const { payload } = await this.#recorder(connectionId).nextOf(['presence:changed'], () => true, withinMs)
    return payload as Presence[]
  }

  /** Resolves when a connection is told that this user is so. */
  async told (connectionId: string, userId: string, status: string): Promise<void> {
    const isIt = (users: unknown) => (users as Presence[]).some((user) => user.userId === userId && user.status === status)
    await this.#recorder(connectionId).nextOf(['presence:changed'], isIt, 2 * deadlineMs)
  }

  /** Everything a connection was told so far: `[user, status]`. */
  toldTo (connectionId: string): Array<[string, string]> {
    return this.#recorder(connectionId).received.flatMap(({ payload }) =>
      (payload as Presence[]).map(({ userId, status }): [string, string] => [userId, status]))
  }

  /** As if the process had been killed: nothing more reaches Redis, and nothing was said. */
  crash (): void {
    this.redis.commands.disconnect()
    this.redis.subscriber.disconnect()
  }

  #recorder (connectionId: string): Recorder {
    const recorder = this.#recorders.get(connectionId) ?? new Recorder()
    this.#recorders.set(connectionId, recorder)
    return recorder
  }
}

function connectSingle (url: string): { commands: Redis, subscriber: Redis } {
  return {
    commands: new Redis(url, {
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      commandTimeout: 500,
      autoResendUnfulfilledCommands: false,
      retryStrategy: () => 50,
    }),
    subscriber: new Redis(url, { maxRetriesPerRequest: null, retryStrategy: () => 50 }),
  }
}

/** Starts a node; it is closed when the test ends. */
export async function startPresenceNode (t: Ending, world: World, node = 'n1', timings: Partial<Timings> = {}): Promise<PresenceNode> {
  const clients = typeof world.redis === 'string' ? connectSingle(world.redis) : connectCluster(world.redis)
  // What a client cannot do shows in the answers.
  for (const client of [clients.commands, clients.subscriber]) client.on('error', () => {})
  // As a node does: its clients are there, or known to be away, before anything else is.
  await Promise.all([clients.commands, clients.subscriber].map((client) => new Promise<void>((resolve) => {
    client.once('ready', () => { resolve() })
    client.once('error', () => { resolve() })
  })))

  const presenceNode = new PresenceNode({
    redis: { ...clients, name: (...parts) => [world.prefix, ...parts].join(':') },
    node,
    log: pino({ level: process.env.TEST_LOG ?? 'silent' }, pino.destination({ dest: 2, sync: true })),
    rules: createRules(world),
    timings: { ...quick, ...timings },
  })
  t.teardown(async () => {
    await presenceNode.service.close()
    presenceNode.crash()
  })
  await presenceNode.service.start()
  return presenceNode
}

export async function startPresenceNodes<Count extends 2 | 3> (
  t: Ending, world: World, count: Count, timings: Partial<Timings> = {}
): Promise<Count extends 2 ? [PresenceNode, PresenceNode] : [PresenceNode, PresenceNode, PresenceNode]> {
  const names = Array.from({ length: count }, (_, index) => `n${index + 1}`)
  return await Promise.all(names.map((name) => startPresenceNode(t, world, name, timings))) as never
}

/** For what shows itself in no event: asks again until it is so. */
export async function untilStatus (node: PresenceNode, userId: string, wanted: string): Promise<void> {
  await retry(async () => {
    const status = await node.statusOf(userId)
    if (status !== wanted) throw new Error(`${userId} is still ${status}, not ${wanted}`)
  }, { timeoutMs: 2 * deadlineMs, everyMs: 20 })
}

/** People of one partition: what is done there is done in the order of their deadlines, so that the last is a fence. */
export function fourPeople (): [string, string, string, string] {
  const ids: string[] = []
  while (ids.length < 4) {
    const id = randomUUID()
    if (partitionOf(id) === 3) ids.push(id)
  }
  return ids as [string, string, string, string]
}
