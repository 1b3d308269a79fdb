import type { Test } from 'tap'
import { startNodeProcess } from '../helpers/node-process.ts'
import { startNode, startNodes } from '../helpers/node.ts'
import { people, person } from '../helpers/person.ts'
import { createStores } from '../helpers/stores.ts'
import type { TestSocket } from '../helpers/socket.ts'
import { t } from '../suite.ts'

/** Resolves when the socket is told that this user is so. */
async function told (socket: TestSocket, userId: string, status: string, withinMs?: number): Promise<void> {
  await socket.next('presence:changed', ({ users }) => users.some((user) => user.userId === userId && user.status === status), withinMs)
}

/** alice, bob and carol share a room; mallory is outside. */
async function meet (t: Test) {
  const nodes = await startNodes(t, 3)
  const [n1, n2, n3] = nodes
  const [alice, bob, carol, mallory] = await people(n1, 'alice', 'bob', 'carol', 'mallory')
  const room = await alice.makeRoom({ kind: 'private' })
  await alice.add(room, bob)
  await alice.add(room, carol)
  return { n1, n2, n3, alice, bob, carol, mallory, room }
}

t.test('bob, watching on another node, sees alice come, go away and log out; mallory sees nothing', async (t) => {
  const { n2, n3, alice, bob, carol, mallory } = await meet(t)
  const [bobs, mallorys] = [await bob.at(n2).connect(), await mallory.at(n3).connect()]
  t.match(await bobs.do('presence:watch', { userIds: [alice.id, carol.id] }), { users: [{ status: 'offline' }, { status: 'offline' }] })
  await mallorys.do('presence:watch', { userIds: [alice.id, carol.id] })

  const alices = await alice.connect()
  await told(bobs, alice.id, 'online')
  await alices.do('presence:set', { status: 'away' })
  await told(bobs, alice.id, 'away')
  await alice.post('/auth/logout')
  await told(bobs, alice.id, 'offline', 2000)
  await bobs.do('presence:unwatch', { userIds: [alice.id] })

  await carol.connect()
  await told(bobs, carol.id, 'online')
  await mallorys.do('typing:stop', { roomId: (await mallory.makeRoom()).id })
  t.notOk(mallorys.received.some(({ event }) => event === 'presence:changed'))
})

t.test('a tab closed is offline after the grace, a tab reloaded never', async (t) => {
  const { n2, alice, bob, carol } = await meet(t)
  const bobs = await bob.at(n2).connect()
  const [alices, carols] = [await alice.connect(), await carol.connect()]
  await bobs.do('presence:watch', { userIds: [alice.id, carol.id] })
  alices.close()
  await alice.at(n2).connect()
  carols.close()
  await told(bobs, carol.id, 'offline', 8000)
  t.notOk(bobs.received.some(({ event, payload }) =>
    event === 'presence:changed' && (payload as { users: Array<{ userId: string }> }).users.some(({ userId }) => userId === alice.id)))
})

t.test('whoever is removed from the room sees nobody of it any more, and whoever comes in is seen', async (t) => {
  const { n2, n3, alice, bob, carol, mallory, room } = await meet(t)
  await alice.connect()
  const [bobs, mallorys] = [await bob.at(n2).connect(), await mallory.at(n3).connect()]
  await bobs.do('presence:watch', { userIds: [alice.id] })
  await mallorys.do('presence:watch', { userIds: [alice.id] })
  await alice.add(room, mallory)
  await told(mallorys, alice.id, 'online')
  await alice.remove(room, bob)
  await told(bobs, alice.id, 'offline')
  t.match(await bobs.do('presence:watch', { userIds: [alice.id, carol.id] }), { users: [{ status: 'offline', lastSeenAt: null }, {}] })
})

t.test('who was found in the room by one is seen by the next, and by nobody any more once removed', async (t) => {
  const { n1, n2, alice, bob, carol, room } = await meet(t)
  await carol.connect()
  const [bobs, alices] = [await bob.at(n2).connect(), await alice.at(n2).connect()]
  for (const socket of [bobs, alices]) {
    t.match(await socket.do('presence:watch', { userIds: [carol.id] }), { users: [{ status: 'online' }] })
  }
  await alice.remove(room, carol)
  for (const socket of [bobs, alices]) await told(socket, carol.id, 'offline')
  for (const socket of [bobs, alices, await bob.at(n2).connect(), await bob.at(n1).connect()]) {
    t.match(await socket.do('presence:watch', { userIds: [carol.id] }), { users: [{ status: 'offline', lastSeenAt: null }] })
  }
})

t.test('P1: after the SIGKILL of her node alice is offline within 10 s', async (t) => {
  const stores = await createStores(t)
  const [n1, n2] = await Promise.all(['n1', 'n2'].map((name) => startNodeProcess(t, { NODE_NAME: name, stores })))
  if (!n1 || !n2) throw new Error('two nodes')
  const [alice, bob] = await Promise.all([person(n1, 'alice'), person(n2, 'bob')])
  await alice.add(await alice.makeRoom(), bob)
  const bobs = await bob.connect()
  await alice.connect()
  t.match(await bobs.do('presence:watch', { userIds: [alice.id] }), { users: [{ status: 'online' }] })
  const killedAt = Date.now()
  await n1.kill()
  await told(bobs, alice.id, 'offline', 10_000)
  t.comment(`offline after ${Date.now() - killedAt} ms`)
})

t.test('bad input is refused', async (t) => {
  const { bob } = await meet(t)
  const bobs = await bob.connect()
  for (const [command, payload] of [
    ['presence:watch', {}], ['presence:watch', { userIds: 'alice' }], ['presence:watch', { userIds: ['alice'] }],
    ['presence:unwatch', { userIds: [1] }], ['presence:set', { status: 'invisible' }], ['presence:set', { status: 'away', for: 5 }],
    ['presence:watch', { userIds: Array.from({ length: 101 }, () => bob.id) }],
  ] as const) t.match(await bobs.send(command, payload), { ok: false, error: { code: 'request.invalid' } })
})

t.test('an operator sees how many are shown, and how many watch whom', async (t) => {
  const node = await startNode(t)
  const [alice, bob] = await people(node, 'alice', 'bob')
  const room = await alice.makeRoom()
  await bob.join(room)
  const alices = await alice.connect()
  await bob.connect()
  await alices.do('presence:watch', { userIds: [bob.id] })
  const metrics = await (await fetch(`${node.url}/metrics`)).text()
  for (const [name, value] of [['connections', 2], ['watchers', 1], ['watched', 1], ['out_of_touch', 0]]) {
    t.match(metrics, new RegExp(`^parley_presence_${name}\\{node="n1"\\} ${value}$`, 'm'))
  }
})
