import { randomUUID } from 'node:crypto'
import { retry } from '../../cluster/retry.ts'
import { t } from '../suite.ts'
import { createWorld, deadlineMs, fourPeople, listKeys, quick, startPresenceNode, startPresenceNodes } from './world.ts'

const [alice, bob, carol, mallory] = fourPeople()

t.test('P1: after a crash the people of that node are offline everywhere, and nobody else is', async (t) => {
  const [n1, n2, n3] = await startPresenceNodes(t, createWorld(t), 3)
  await n1.connect(alice)
  await n1.connect(carol)
  await n2.connect(carol)
  const { connectionId } = await n3.watch(bob, alice, carol)

  const crashedAt = Date.now()
  n1.crash()
  t.match(await n3.nextChange(connectionId), [{ userId: alice, status: 'offline' }])
  t.ok(Date.now() - crashedAt < quick.leaseMs + 1500, 'within a lease and a round or two')
  t.equal(await n2.statusOf(alice), 'offline')
  t.equal(await n2.statusOf(carol), 'online')
  t.same(n3.toldTo(connectionId), [[alice, 'offline']])
})

t.test('readers ignore the connections of a dead node before anybody has swept', async (t) => {
  const world = createWorld(t)
  const n1 = await startPresenceNode(t, world, 'n1')
  await n1.connect(alice)
  n1.crash()
  // Its first beat, and so its first sweep, is far away.
  const n2 = await startPresenceNode(t, world, 'n2', { leaseMs: 60_000 })
  t.equal(await n2.statusOf(alice), 'online', 'until the lease runs out')
  await retry(async () => { if (await n2.statusOf(alice) !== 'offline') throw new Error('still shown') }, { timeoutMs: deadlineMs })
})

t.test('a node that crashed is no longer among the nodes, once its lease has run out', async (t) => {
  const world = createWorld(t)
  const [n1, n2] = await startPresenceNodes(t, world, 2)
  await n1.connect(alice)
  t.match(await n2.service.nodes(), [{ name: 'n1', connections: 1 }, { name: 'n2', connections: 0 }])
  n1.crash()
  await retry(async () => { if ((await n2.service.nodes()).length !== 1) throw new Error('still there') }, { timeoutMs: deadlineMs })
})

t.test('nothing of a dead node stays in Redis, and Postgres learns when its people were seen last', async (t) => {
  const world = createWorld(t)
  const [n1, n2] = await startPresenceNodes(t, world, 2)
  for (let count = 0; count < 30; count++) await n1.connect(randomUUID())
  n1.disconnect(await n1.connect(mallory), 'dropped')
  n1.crash()
  await retry(async () => {
    const left = (await listKeys(world)).filter((key) => !/:(leases|clock|sweeping)$/.test(key))
    if (left.length > 0) throw new Error(`left behind: ${left.join(' ')}`)
  }, { timeoutMs: deadlineMs })
  t.equal(world.lastSeen.size, 31)
  t.match(await n2.service.read([mallory]), [{ userId: mallory, status: 'offline', lastSeenAt: world.lastSeen.get(mallory) }])
})

t.test('when somebody was seen last is saved also after Postgres was away and the node is dead', async (t) => {
  const world = createWorld(t)
  const [n1, n2] = await startPresenceNodes(t, world, 2)
  const { connectionId } = await n2.watch(bob, alice, carol)
  world.isPostgresAway = true
  for (const userId of [alice, carol]) {
    const gone = await n1.connect(userId)
    await n2.told(connectionId, userId, 'online')
    n1.disconnect(gone, 'logout')
    await n2.told(connectionId, userId, 'offline')
  }
  const [seen] = await n2.service.read([alice])
  t.match(seen, { status: 'offline', lastSeenAt: String }, 'it is known meanwhile')
  n1.crash()
  world.isPostgresAway = false
  await retry(async () => { if (!world.lastSeen.has(carol)) throw new Error('not saved') }, { timeoutMs: deadlineMs })
  t.equal(world.lastSeen.get(alice), seen?.lastSeenAt)
})

t.test('the grace outlives the node: P2, a deploy shows nobody as offline who comes back', async (t) => {
  const world = createWorld(t)
  const [n1, n2, n3] = await startPresenceNodes(t, world, 3)
  const session = randomUUID()
  await n1.connect(alice, session)
  const dropped = await n1.connect(carol)
  const { connectionId } = await n3.watch(bob, alice, carol)

  n1.service.drain()
  n1.disconnect(dropped, 'dropped')
  await n1.service.close()
  t.equal(await n3.statusOf(alice), 'online', 'her connection was still open when the node closed')
  t.equal(await n3.statusOf(carol), 'online')
  await n2.connect(alice, session)
  t.match(await n3.nextChange(connectionId), [{ userId: carol, status: 'offline' }], 'carol does not come back')
  t.equal(await n3.statusOf(alice), 'online')
  t.same(n3.toldTo(connectionId), [[carol, 'offline']])
})

t.test('a node that starts under the name of one that crashed leaves its people in peace until their lease ends', async (t) => {
  const world = createWorld(t)
  const [n1, n2] = await startPresenceNodes(t, world, 2)
  const session = randomUUID()
  await n1.connect(alice, session)
  await n1.connect(carol)
  const { connectionId } = await n2.watch(bob, alice, carol)
  n1.crash()
  const again = await startPresenceNode(t, world, 'n1')
  await again.connect(alice, session)
  t.equal(await n2.statusOf(carol), 'online')
  t.match(await n2.nextChange(connectionId), [{ userId: carol, status: 'offline' }], 'carol does not come back')
  t.equal(await n2.statusOf(alice), 'online')
  t.same(n2.toldTo(connectionId), [[carol, 'offline']])
})
