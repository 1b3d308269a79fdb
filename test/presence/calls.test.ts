import { randomUUID } from 'node:crypto'
import type { Test } from 'tap'
import { startNodes, type TestNode } from '../helpers/node.ts'
import { people, person, stranger, type Person } from '../helpers/person.ts'
import { t } from '../suite.ts'

async function arrive (node: TestNode, { id }: Person): Promise<string> {
  const connectionId = randomUUID()
  await node.app.presence.connect({ userId: id, sessionId: randomUUID(), connectionId })
  return connectionId
}

/** alice and bob share a private room, on two nodes; mallory is outside. */
async function meet (t: Test) {
  const [n1, n2] = await startNodes(t, 2)
  const [alice, bob, mallory] = await people(n1, 'alice', 'bob', 'mallory')
  const room = await alice.makeRoom({ kind: 'private' })
  await alice.add(room, bob)
  return { n1, n2, alice, bob, mallory, room }
}

t.test('GET /presence says how people are to whoever shares a room with them', async (t) => {
  const { n1, n2, alice, bob, mallory } = await meet(t)
  const phone = await arrive(n2, alice)
  const ids = [mallory.id, alice.id, bob.id, alice.id.toUpperCase(), randomUUID()]
  const { status, body } = await bob.get(`/presence?userIds=${ids.join()}`)
  t.equal(status, 200)
  t.strictSame(body.users.map(({ userId, status }) => [userId, status]), [
    [mallory.id, 'offline'], [alice.id, 'online'], [bob.id, 'offline'], [ids[4], 'offline'],
  ], 'in the order asked, each once')
  t.ok(Date.parse(body.users[1]?.lastSeenAt ?? ''), 'since when she is')
  t.equal(body.users[2]?.lastSeenAt, null, 'bob has never been here')

  const seen = await mallory.get(`/presence?userIds=${alice.id}`)
  t.strictSame(seen.body.users, [{ userId: alice.id, status: 'offline', lastSeenAt: null }], 'mallory sees nothing')

  n2.app.presence.disconnect({ userId: alice.id, connectionId: phone, cause: 'logout' })
  await arrive(n1, bob)
  const later = await bob.get(`/presence?userIds=${alice.id}`)
  t.match(later.body.users, [{ status: 'offline', lastSeenAt: String }])
})

t.test('GET /presence refuses bad input', async (t) => {
  const { bob, alice, n1 } = await meet(t)
  for (const query of ['', 'userIds=', 'userIds=alice', `userIds=${alice.id},`, `userIds=${alice.id},,`, 'userIds=abc,def',
    `userIds=${alice.id}&more=1`, `userIds=${Array.from({ length: 101 }, () => randomUUID()).join()}`, `userIds=${alice.id}%00`]) {
    const { status, body } = await bob.get(`/presence?${query}`)
    const what = query.slice(0, 60)
    t.equal(status, 400, what)
    t.match(body.error, { code: 'request.invalid', details: [{ path: /^\/(userIds|more)/ }] }, what)
  }
  const hundred = await bob.get(`/presence?userIds=${Array.from({ length: 100 }, () => randomUUID()).join()}`)
  t.equal(hundred.body.users.length, 100)
  t.match(await stranger(n1).get(`/presence?userIds=${alice.id}`), { status: 401, body: { error: { code: 'session.required' } } })
})

t.test('GET /rooms/:roomId/presence counts the members and names those who are online', async (t) => {
  const { n1, n2, alice, bob, mallory, room } = await meet(t)
  const carol = await person(n1, 'carol')
  await alice.add(room, carol)
  await arrive(n2, alice)
  const phone = await arrive(n1, carol)
  await n1.app.presence.setStatus(phone, 'away')
  await arrive(n1, mallory)

  const { status, body } = await bob.get(`/rooms/${room.id}/presence`)
  t.equal(status, 200)
  t.strictSame(body.counts, { online: 1, away: 1, offline: 1, unknown: 0 })
  t.match(body.users, [{ userId: alice.id, status: 'online', lastSeenAt: String }])
  t.equal(body.users.length, 1)
})

t.test('GET /rooms/:roomId/presence is for members', async (t) => {
  const { n1, alice, mallory, room } = await meet(t)
  const open = await alice.makeRoom({ kind: 'public' })
  const refusals = [
    { who: mallory, id: room.id, status: 404, code: 'room.not_found' },
    { who: mallory, id: randomUUID(), status: 404, code: 'room.not_found' },
    { who: mallory, id: open.id, status: 403, code: 'request.forbidden' },
    { who: mallory, id: 'lobby', status: 400, code: 'request.invalid' },
    { who: stranger(n1), id: open.id, status: 401, code: 'session.required' },
  ]
  for (const { who, id, status, code } of refusals) {
    t.match(await who.get(`/rooms/${id}/presence`), { status, body: { error: { code } } }, code)
  }
})

t.test('PRESENCE_VISIBILITY=everyone opens it to all', async (t) => {
  const [node] = await startNodes(t, 1, { PRESENCE_VISIBILITY: 'everyone' })
  const [alice, mallory] = await people(node, 'alice', 'mallory')
  await arrive(node, alice)
  t.match((await mallory.get(`/presence?userIds=${alice.id}`)).body.users, [{ userId: alice.id, status: 'online' }])
})

t.test('GET /nodes names the nodes that are alive, with their connections; one that stops is gone', async (t) => {
  const { n1, n2, alice, bob } = await meet(t)
  await Promise.all([arrive(n1, alice), arrive(n1, bob), arrive(n2, bob)])
  t.strictSame((await alice.get('/nodes')).body, { nodes: [{ name: 'n1', connections: 2 }, { name: 'n2', connections: 1 }] })
  await n2.close()
  t.strictSame((await alice.get('/nodes')).body, { nodes: [{ name: 'n1', connections: 2 }] }, 'what it left in its grace is no node')
  t.match(await stranger(n1).get('/nodes'), { status: 401, body: { error: { code: 'session.required' } } })
})
