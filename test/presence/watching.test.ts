import { randomUUID } from 'node:crypto'
import { t } from '../suite.ts'
import { createWorld, fourPeople, listSubscribed, startPresenceNode, startPresenceNodes } from './world.ts'

const [alice, bob, carol, mallory] = fourPeople()

t.test('a watcher gets the picture once, then only what changes', async (t) => {
  const [n1, n2] = await startPresenceNodes(t, createWorld(t), 2)
  const alices = await n1.connect(alice)
  const { connectionId, picture } = await n2.watch(bob, alice, carol, alice)
  t.same(picture, ['online', 'offline'], 'each once, in the order asked')

  await n1.connect(alice)
  n1.disconnect(alices, 'logout')
  const carols = await n2.connect(carol)
  t.match(await n2.nextChange(connectionId), [{ userId: carol, status: 'online' }])
  await n2.service.setStatus(carols, 'away')
  t.match(await n2.nextChange(connectionId), [{ userId: carol, status: 'away' }])
  t.same(n2.toldTo(connectionId), [[carol, 'online'], [carol, 'away']])
})

t.test('changes of one tick come together, and what went to and fro is not told', async (t) => {
  const world = createWorld(t)
  const n1 = await startPresenceNode(t, world, 'n1')
  const n2 = await startPresenceNode(t, world, 'n2', { tickMs: 400 })
  const { connectionId } = await n2.watch(bob, alice, carol, mallory)
  await Promise.all([n1.connect(alice), n1.connect(carol)])
  n1.disconnect(await n1.connect(mallory), 'logout')
  const users = await n2.nextChange(connectionId)
  t.same(users.map(({ userId }) => userId).sort(), [alice, carol].sort())
})

t.test('who asks between two ticks hears the newest, and not once more with the tick', async (t) => {
  const world = createWorld(t)
  const n1 = await startPresenceNode(t, world, 'n1')
  const n2 = await startPresenceNode(t, world, 'n2', { tickMs: 400 })
  const bobs = await n2.watch(bob, alice)
  const alices = await n1.connect(alice)
  const carols = await n2.watch(carol, alice)
  t.same(carols.picture, ['online'])
  await n2.told(bobs.connectionId, alice, 'online')
  await n1.service.setStatus(alices, 'away')
  await n2.told(carols.connectionId, alice, 'away')
  t.same(n2.toldTo(bobs.connectionId), [[alice, 'online'], [alice, 'away']])
  t.same(n2.toldTo(carols.connectionId), [[alice, 'away']])
})

t.test('who was answered what went to and fro before the tick is told how it ended', async (t) => {
  const world = createWorld(t)
  const n1 = await startPresenceNode(t, world, 'n1')
  const n2 = await startPresenceNode(t, world, 'n2', { tickMs: 400 })
  await n2.watch(bob, alice)
  const alices = await n1.connect(alice)
  const carols = await n2.watch(carol, alice)
  t.same(carols.picture, ['online'])
  n1.disconnect(alices, 'logout')
  await n2.told(carols.connectionId, alice, 'offline')
})

t.test('nothing is told after unwatch, nor to a connection that is gone', async (t) => {
  const node = await startPresenceNode(t, createWorld(t))
  const stays = await node.watch(bob, alice, carol)
  const unwatches = await node.watch(bob, alice, carol)
  const leaves = await node.watch(bob, alice, carol)
  node.service.unwatch(unwatches.connectionId, [alice, randomUUID()])
  node.disconnect(leaves.connectionId, 'logout')
  node.service.unwatch(leaves.connectionId, [alice])

  await node.connect(alice)
  t.match(await node.nextChange(stays.connectionId), [{ userId: alice }])
  await node.connect(carol)
  await node.nextChange(stays.connectionId)
  t.same(node.toldTo(unwatches.connectionId), [[carol, 'online']])
  t.same(node.toldTo(leaves.connectionId), [])
})

t.test('a connection that goes while its picture is on the way watches nobody', async (t) => {
  const node = await startPresenceNode(t, createWorld(t))
  const connectionId = await node.connect(bob)
  const asked = node.service.watch(connectionId, bob, [alice])
  node.disconnect(connectionId, 'dropped')
  await asked
  const stays = await node.watch(mallory, alice)
  await node.connect(alice)
  await node.nextChange(stays.connectionId)
  t.same(node.toldTo(connectionId), [])
})

t.test('a connection that has gone before it asks gets the picture, and watches nobody', async (t) => {
  const world = createWorld(t)
  const node = await startPresenceNode(t, world)
  const connectionId = await node.connect(bob)
  node.disconnect(connectionId, 'dropped')
  t.match(await node.service.watch(connectionId, bob, [alice]), [{ userId: alice, status: 'offline' }])
  t.same(await listSubscribed(world), [])
})

t.test('a node subscribes to exactly those whom somebody there watches', async (t) => {
  const world = createWorld(t)
  const [, n2] = await startPresenceNodes(t, world, 2)
  const first = await n2.watch(bob, alice, carol)
  const second = await n2.watch(bob, alice)
  t.same(await listSubscribed(world), [alice, carol].sort())
  n2.service.unwatch(first.connectionId, [alice, carol])
  await n2.service.watch(second.connectionId, bob, [mallory]) // A fence on the same client.
  t.same(await listSubscribed(world), [alice, mallory].sort())
})

t.test('one connection watches so many and no more', async (t) => {
  const node = await startPresenceNode(t, createWorld(t))
  const connectionId = await node.connect(bob)
  const crowd = Array.from({ length: 1000 }, () => randomUUID())
  t.equal((await node.service.watch(connectionId, bob, crowd)).length, 1000)
  await t.rejects(node.service.watch(connectionId, bob, [alice]), { code: 'request.invalid', details: [{ path: '/userIds' }] })
  await node.service.watch(connectionId, bob, crowd.slice(0, 3))
  node.service.unwatch(connectionId, crowd.slice(0, 1))
  t.equal((await node.service.watch(connectionId, bob, [alice])).length, 1)
})

t.test('who may not see somebody sees them offline, never seen, and hears nothing', async (t) => {
  const world = createWorld(t)
  world.strangers.add(mallory)
  const [n1, n2] = await startPresenceNodes(t, world, 2)
  await n1.connect(alice)
  t.same(await n2.service.see(mallory, [alice, mallory]), [
    { userId: alice, status: 'offline', lastSeenAt: null }, { userId: mallory, status: 'offline', lastSeenAt: null },
  ])
  t.match(await n2.service.see(bob, [mallory, alice]), [
    { userId: mallory, status: 'offline', lastSeenAt: null }, { userId: alice, status: 'online', lastSeenAt: String },
  ])

  const outside = await n2.watch(mallory, alice, carol)
  const inside = await n2.watch(bob, alice, carol)
  t.same(outside.picture, ['offline', 'offline'])
  await n1.connect(carol)
  await n2.nextChange(inside.connectionId)
  t.same(n2.toldTo(outside.connectionId), [])

  world.strangers.delete(mallory)
  n2.service.moved([mallory])
  const appeared = await n2.nextChange(outside.connectionId)
  t.same(appeared.map(({ status }) => status), ['online', 'online'], 'once she shares a room with them she sees them')
  world.strangers.add(carol)
  n2.service.moved([carol])
  t.same(await n2.nextChange(outside.connectionId), [{ userId: carol, status: 'offline', lastSeenAt: null }])
  t.same(await n2.nextChange(inside.connectionId), [{ userId: carol, status: 'offline', lastSeenAt: null }])
})
