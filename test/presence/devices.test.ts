import { randomUUID } from 'node:crypto'
import { t } from '../suite.ts'
import { createWorld, fourPeople, startPresenceNode, startPresenceNodes } from './world.ts'

const [alice, bob, carol] = fourPeople()

t.test('alice is online on every node while one connection of hers lives on any', async (t) => {
  const [n1, n2, n3] = await startPresenceNodes(t, createWorld(t), 3)
  t.equal(await n3.statusOf(alice), 'offline')
  const phone = await n1.connect(alice)
  t.equal(await n3.statusOf(alice), 'online')
  const laptop = await n2.connect(alice)

  const watching = await n3.watch(bob, alice)
  n1.disconnect(phone, 'logout')
  await n1.connect(carol)
  t.equal(await n3.statusOf(alice), 'online', 'the laptop is still there')
  n2.disconnect(laptop, 'logout')
  t.match(await n3.nextChange(watching.connectionId), [{ userId: alice, status: 'offline' }])
  t.equal(await n1.statusOf(alice), 'offline')
  t.same(n3.toldTo(watching.connectionId), [[alice, 'offline']], 'and nothing was told of the phone')
})

t.test('SCENARIO 11: a second tab does not replace the first, and closing one of the two leaves alice online', async (t) => {
  const node = await startPresenceNode(t, createWorld(t))
  const session = randomUUID()
  const first = await node.connect(alice, session)
  const second = await node.connect(alice, session)
  const watching = await node.watch(bob, alice)

  node.disconnect(first, 'dropped')
  t.equal(await node.statusOf(alice), 'online')
  node.disconnect(await node.connect(carol), 'dropped')
  await node.service.watch(watching.connectionId, bob, [carol])
  t.match(await node.nextChange(watching.connectionId), [{ userId: carol, status: 'offline' }], 'longer than the grace')
  t.equal(await node.statusOf(alice), 'online')

  node.disconnect(second, 'logout')
  t.match(await node.nextChange(watching.connectionId), [{ userId: alice, status: 'offline' }])
  t.same(node.toldTo(watching.connectionId), [[carol, 'offline'], [alice, 'offline']])
})

t.test('P2: a reload on another node is not seen by anybody (SCENARIO 14)', async (t) => {
  const [n1, n2, n3] = await startPresenceNodes(t, createWorld(t), 3)
  const session = randomUUID()
  const before = await n1.connect(alice, session)
  const carols = await n1.connect(carol)
  const { connectionId } = await n3.watch(bob, alice, carol)

  n1.disconnect(before, 'dropped')
  await n2.connect(alice, session)
  n1.disconnect(carols, 'dropped') // Her grace ends later than alice's would have.
  t.match(await n3.nextChange(connectionId), [{ userId: carol, status: 'offline' }])
  t.same(n3.toldTo(connectionId), [[carol, 'offline']])
  t.equal(await n3.statusOf(alice), 'online')
})

t.test('whoever does not come back is offline after the grace, not before', async (t) => {
  const world = createWorld(t)
  const [n1, n2] = await startPresenceNodes(t, world, 2, { graceMs: 1500 })
  const connectionId = await n1.connect(alice)
  const watching = await n2.watch(bob, alice)
  const droppedAt = Date.now()
  n1.disconnect(connectionId, 'dropped')
  await n1.connect(carol)
  t.equal(await n2.statusOf(alice), 'online', 'in her grace')

  const [change] = await n2.nextChange(watching.connectionId)
  t.match(change, { userId: alice, status: 'offline' })
  t.ok(Date.now() - droppedAt >= 1500, 'after the grace')
  t.ok(Date.parse(change?.lastSeenAt ?? '') >= droppedAt, 'and it says when')
})

t.test('a logout and a connection that fell silent are seen at once', async (t) => {
  const [n1, n2] = await startPresenceNodes(t, createWorld(t), 2, { graceMs: 60_000 })
  const [alices, carols] = [await n1.connect(alice), await n1.connect(carol)]
  const { connectionId } = await n2.watch(bob, alice, carol)
  n1.disconnect(alices, 'logout')
  n1.disconnect(carols, 'silent')
  const told = new Map<string, string>()
  while (told.get(alice) !== 'offline' || told.get(carol) !== 'offline') {
    for (const { userId, status } of await n2.nextChange(connectionId)) told.set(userId, status)
  }
  t.equal(told.size, 2)
})

t.test('a logout also ends the grace of the session, and leaves that of another device', async (t) => {
  const node = await startPresenceNode(t, createWorld(t), 'n1', { graceMs: 60_000 })
  const session = randomUUID()
  node.disconnect(await node.connect(alice, session), 'dropped')
  node.disconnect(await node.connect(alice, session), 'logout')
  await node.connect(carol)
  t.equal(await node.statusOf(alice), 'offline')

  node.disconnect(await node.connect(alice), 'dropped')
  node.disconnect(await node.connect(alice, session), 'logout')
  await node.connect(carol)
  t.equal(await node.statusOf(alice), 'online', 'the phone may come back')
})

t.test('away when all connections are away, online when one is not', async (t) => {
  const [n1, n2, n3] = await startPresenceNodes(t, createWorld(t), 3)
  const [phone, laptop] = [await n1.connect(alice), await n2.connect(alice)]
  const { connectionId } = await n3.watch(bob, alice)

  await n1.service.setStatus(phone, 'away')
  t.equal(await n3.statusOf(alice), 'online')
  await n2.service.setStatus(laptop, 'away')
  t.match(await n3.nextChange(connectionId), [{ userId: alice, status: 'away' }])
  await n2.service.setStatus(laptop, 'online')
  t.match(await n3.nextChange(connectionId), [{ userId: alice, status: 'online' }])
  n2.disconnect(laptop, 'logout')
  t.match(await n3.nextChange(connectionId), [{ userId: alice, status: 'away' }])
  await n1.service.setStatus(randomUUID(), 'away')
  t.same(n3.toldTo(connectionId), [[alice, 'away'], [alice, 'online'], [alice, 'away']])
})

t.test('a connection that is gone before it was written is never seen', async (t) => {
  const node = await startPresenceNode(t, createWorld(t), 'n1', { graceMs: 60_000 })
  const watching = await node.watch(bob, alice, carol)
  const connectionId = randomUUID()
  const connected = node.service.connect({ userId: alice, sessionId: randomUUID(), connectionId })
  node.service.disconnect({ userId: alice, connectionId, cause: 'dropped' })
  await connected
  await node.connect(carol)
  await node.nextChange(watching.connectionId)
  t.same(node.toldTo(watching.connectionId), [[carol, 'online']])
})
