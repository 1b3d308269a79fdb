import { randomUUID } from 'node:crypto'
import type { Test } from 'tap'
import type { EmbeddedServer } from '../../cluster/embedded-server.ts'
import { startRedis } from '../../cluster/redis.ts'
import { t } from '../suite.ts'
import {
  createWorld, fourPeople, removeKeys, startPresenceNode, startPresenceNodes, untilStatus, type World,
} from './world.ts'

const [alice, bob, carol, mallory] = fourPeople()

/** A Redis of the test's own. */
async function startOwnRedis (t: Test): Promise<{ redis: EmbeddedServer, world: World }> {
  const redis = await startRedis()
  t.teardown(() => redis.stop())
  return { redis, world: createWorld(t, redis.url) }
}

t.test('a node that loses its lease while it lives puts its connections back and corrects what others see', async (t) => {
  const [n1, n2] = await startPresenceNodes(t, createWorld(t), 2)
  await n1.connect(alice)
  const dropped = await n1.connect(mallory)
  const carols = await n2.connect(carol)
  const onN1 = await n1.watch(bob, carol)
  const onN2 = await n2.watch(bob, alice, mallory)

  n1.crash()
  n1.disconnect(dropped, 'logout')
  n2.disconnect(carols, 'logout')
  t.match(await n1.nextChange(onN1.connectionId), [{ userId: carol, status: 'unknown' }], 'P3: it cannot know')
  await n2.told(onN2.connectionId, alice, 'offline')
  await Promise.all([n1.redis.commands.connect(), n1.redis.subscriber.connect()])

  await n2.told(onN2.connectionId, alice, 'online')
  t.match(await n1.nextChange(onN1.connectionId), [{ userId: carol, status: 'offline' }])
  t.equal(await n2.statusOf(mallory), 'offline')
  await n2.connect(carol)
  t.match(await n1.nextChange(onN1.connectionId), [{ userId: carol, status: 'online' }], 'and it hears again')
  const told = n2.toldTo(onN2.connectionId)
  t.same(told.filter(([userId]) => userId === alice), [[alice, 'offline'], [alice, 'online']])
  t.same(told.filter(([userId]) => userId === mallory), [[mallory, 'offline']])
})

t.test('presence keys deleted: every node puts its connections back, and nobody is called offline who is there', async (t) => {
  const world = createWorld(t)
  const [n1, n2, n3] = await startPresenceNodes(t, world, 3)
  const phone = await n1.connect(alice)
  await n1.service.setStatus(phone, 'away')
  await n2.connect(carol)
  const gone = await n2.connect(mallory)
  const { connectionId } = await n3.watch(bob, alice, carol, mallory)
  n2.disconnect(gone, 'dropped')
  await n2.connect(bob)

  await removeKeys(world)
  const seen = new Set([await n3.statusOf(alice), await n3.statusOf(carol)])
  t.notOk(seen.has('offline'), `P3: unknown at most, not ${[...seen].join()}`)
  await untilStatus(n3, alice, 'away')
  await untilStatus(n3, carol, 'online')
  t.match(await n3.nextChange(connectionId), [{ userId: mallory, status: 'offline' }], 'her grace was lost with the keys')
  t.same(n3.toldTo(connectionId), [[mallory, 'offline']])
})

t.test('a key deleted that another node makes anew before the others have looked: what it does not hold comes back', async (t) => {
  const world = createWorld(t)
  const [n1, n2] = await startPresenceNodes(t, world, 2)
  await n1.connect(alice)
  await n2.connect(bob)
  for (const name of ['online', 'held']) {
    await removeKeys(world, name)
    const carols = await n2.connect(carol)
    await untilStatus(n2, alice, 'online')
    await untilStatus(n1, bob, 'online')
    n2.disconnect(carols, 'logout')
    await untilStatus(n1, carol, 'offline')
    t.equal(await n2.statusOf(alice), 'online', name)
  }
})

t.test('some of the keys deleted: the same', async (t) => {
  const world = createWorld(t)
  const [n1, n2] = await startPresenceNodes(t, world, 2)
  await n1.connect(alice)
  for (const name of ['online', 'held', 'shown', 'leases', 'clock']) {
    const { connectionId } = await n2.watch(bob, alice, carol)
    await removeKeys(world, name)
    await untilStatus(n2, alice, 'online')
    const carols = await n2.connect(carol)
    t.match(await n2.nextChange(connectionId), [{ userId: carol, status: 'online' }])
    n2.disconnect(carols, 'logout')
    t.match(await n2.nextChange(connectionId), [{ userId: carol, status: 'offline' }], name)
    t.same(n2.toldTo(connectionId).filter(([userId]) => userId === alice), [])
  }
})

t.test('P3: without Redis presence is unknown, and it is right again soon after Redis is back', async (t) => {
  const { redis, world } = await startOwnRedis(t)
  const [n1, n2] = await startPresenceNodes(t, world, 2)
  await n1.connect(alice)
  const { connectionId } = await n2.watch(bob, alice, carol)

  await redis.kill()
  t.equal(await n2.statusOf(alice), 'unknown')
  await n2.told(connectionId, alice, 'unknown')
  await n1.connect(carol)
  const late = await n1.watch(mallory, alice)
  t.same(late.picture, ['unknown'])

  await redis.restart()
  await n2.told(connectionId, alice, 'online')
  t.match(await n1.nextChange(late.connectionId), [{ userId: alice, status: 'online' }])
  await untilStatus(n2, carol, 'online')
  t.notOk(n2.toldTo(connectionId).some(([, status]) => status === 'offline'), 'nobody was called offline')
})

t.test('Redis empty after a restart: the same', async (t) => {
  const { redis, world } = await startOwnRedis(t)
  const [n1, n2] = await startPresenceNodes(t, world, 2)
  await n1.connect(alice)
  const { connectionId } = await n2.watch(bob, alice)
  await removeKeys(world)
  await redis.kill()
  await redis.restart()
  await untilStatus(n2, alice, 'online')
  await n1.connect(carol)
  await n2.service.watch(connectionId, bob, [carol])
  t.notOk(n2.toldTo(connectionId).some(([, status]) => status === 'offline'))
})

t.test('a node starts without Redis, and its people are online when Redis is there', async (t) => {
  const { redis, world } = await startOwnRedis(t)
  await redis.kill()
  const node = await startPresenceNode(t, world)
  await node.connect(alice)
  t.equal(await node.statusOf(alice), 'unknown')
  const { picture, connectionId } = await node.watch(bob, alice)
  t.same(picture, ['unknown'])
  await redis.restart()
  t.match(await node.nextChange(connectionId), [{ userId: alice, status: 'online' }])
})

t.test('what changed while nothing was heard is told afterwards', async (t) => {
  const [n1, n2] = await startPresenceNodes(t, createWorld(t), 2)
  const { connectionId } = await n2.watch(bob, alice, carol)
  n2.redis.subscriber.disconnect()
  const alices = await n1.connect(alice, randomUUID())
  t.match(await n2.nextChange(connectionId), [{ userId: alice, status: 'online' }], 'it is polled for meanwhile')
  n1.disconnect(alices, 'logout')
  await n2.redis.subscriber.connect()
  t.match(await n2.nextChange(connectionId), [{ userId: alice, status: 'offline' }])
  await n1.connect(carol)
  t.match(await n2.nextChange(connectionId), [{ userId: carol, status: 'online' }])
})
