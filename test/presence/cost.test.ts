import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import type { Test } from 'tap'
import { startRedis } from '../../cluster/redis.ts'
import { retry } from '../../cluster/retry.ts'
import { partitionCount } from '../../realtime/presence/keys.ts'
import type { Timings } from '../../realtime/presence/timings.ts'
import { t } from '../suite.ts'
import { createWorld, deadlineMs, quick, startPresenceNodes, untilStatus } from './world.ts'

/** Two nodes on a Redis that nobody else asks. `count` says how often they have asked it since `reset`. */
async function startCounted (t: Test, timings: Partial<Timings> = {}) {
  const server = await startRedis()
  t.teardown(() => server.stop())
  const redis = new Redis(server.url)
  t.teardown(() => { redis.disconnect() })
  const [n1, n2] = await startPresenceNodes(t, createWorld(t, server.url), 2, timings)
  // Each script has been sent once, and nothing of it is still under way.
  const somebody = randomUUID()
  n1.disconnect(await n1.connect(somebody), 'logout')
  await untilStatus(n1, somebody, 'offline')
  const readCalls = async (commands: RegExp) => {
    const stats = await redis.info('commandstats')
    return [...stats.matchAll(commands)].reduce((sum, [, calls]) => sum + Number(calls), 0)
  }
  return {
    n1,
    n2,
    reset: () => redis.config('RESETSTAT'),
    count: () => readCalls(/cmdstat_(?:evalsha|eval):calls=(\d+)/g),
    /** Those that scripts give as well. */
    countAll: () => readCalls(/cmdstat_(?!config|info)\S+?:calls=(\d+)/g),
  }
}

/** No beat falls into the test. */
const still = { leaseMs: 300_000 }

t.test('a connect costs one command, a change one, and those who watch elsewhere none', async (t) => {
  const { n1, n2, reset, count } = await startCounted(t, still)
  const [alice, bob] = [randomUUID(), randomUUID()]
  const { connectionId } = await n2.watch(bob, alice)
  await reset()
  const alices = await n1.connect(alice)
  await n2.told(connectionId, alice, 'online')
  t.equal(await count(), 1)
  await n1.service.setStatus(alices, 'away')
  await n2.told(connectionId, alice, 'away')
  t.equal(await count(), 2)
  n1.disconnect(alices, 'logout')
  await n2.told(connectionId, alice, 'offline')
  t.equal(await count(), 3)
})

t.test('whoever is watched on a node already is not read again for the next who watches them', async (t) => {
  const { n1, n2, reset, count } = await startCounted(t, still)
  const [alice, bob, carol] = [randomUUID(), randomUUID(), randomUUID()]
  await n1.connect(alice)
  const bobs = await n2.watch(bob, alice)
  const carols = await n2.connect(carol)
  await reset()
  t.match(await n2.service.watch(carols, carol, [alice]), [{ status: 'online' }])
  t.equal(await count(), 0)
  n1.disconnect(await n1.connect(alice, 'laptop'), 'logout')
  await n1.connect(carol)
  t.match(await n2.service.watch(carols, carol, [alice, bob, carol]), [{ status: 'online' }, { status: 'online' }, { status: 'online' }])
  await n2.service.watch(bobs.connectionId, bob, [alice, carol])
  t.ok(await count() <= 3 + 2, 'three changes, and those who are new')
})

t.test('what an arrival asks of Redis inside of the script', async (t) => {
  const { n1, reset, countAll } = await startCounted(t, still)
  await reset()
  await Promise.all(Array.from({ length: 200 }, () => n1.connect(randomUUID())))
  // The grace that may be running, two places, what was shown before and is now, and telling it.
  const perScript = 4
  t.ok(await countAll() <= 6 * 200 + partitionCount * (perScript + 1), `${await countAll()} commands`)
})

t.test('a thousand people who come at once cost one command for each partition', async (t) => {
  const { n1, n2, reset, count } = await startCounted(t, still)
  await reset()
  const crowd = Array.from({ length: 1000 }, () => randomUUID())
  await Promise.all(crowd.map((userId) => n1.connect(userId)))
  t.equal(await count(), partitionCount)
  const statuses = (await n2.service.read(crowd)).map(({ status }) => status)
  t.same(new Set(statuses), new Set(['online']))
  t.equal(await count(), 2 * partitionCount, 'and so does reading how they are')
})

t.test('what an idle minute costs depends on the nodes, not on the connections', async (t) => {
  const { n1, reset, count } = await startCounted(t)
  const nodes = 2
  const perBeat = nodes * partitionCount
  const reach = (calls: number) => retry(async () => {
    if (await count() < calls) throw new Error(`${await count()} commands, not yet ${calls}`)
  }, { timeoutMs: deadlineMs })

  await Promise.all(Array.from({ length: 1000 }, () => n1.connect(randomUUID())))
  await reset()
  await reach(3 * perBeat) // Until then what happened at the start is done with.
  await reset()
  const startedAt = Date.now()
  await reach(5 * perBeat)
  const beats = (Date.now() - startedAt) / (quick.leaseMs / 3)
  t.ok(await count() <= (Math.ceil(beats) + 1) * perBeat, `${await count()} in ${beats} beats`)
})
