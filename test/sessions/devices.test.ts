import { randomUUID } from 'node:crypto'
import { createSessions } from '../../domain/sessions.ts'
import { startNode, startNodes, type TestNode } from '../helpers/node.ts'
import { person, stranger, type Person } from '../helpers/person.ts'
import { t } from '../suite.ts'
import { sidOf } from './cookies.ts'

async function sessionOf (device: Person) {
  return (await device.get('/auth/user')).body.session
}

function recordEnds (nodes: TestNode[]) {
  const ended: Array<{ id: string, reason: string }> = []
  for (const { app } of nodes) app.domain.sessions.onEnded(({ id, reason }) => { ended.push({ id, reason }) })
  return ended
}

t.test('every login is a device on the list, and mine says that it is mine', async (t) => {
  const [here, there] = await startNodes(t, 2)
  const laptop = await person(here, 'alice')
  const phone = (await person(there, 'alice'))
  await person(there, 'bob')

  const { status, body: { sessions } } = await laptop.get('/auth/sessions')

  t.equal(status, 200)
  t.same(sessions.map(({ id }) => id).sort(), [await sessionOf(laptop), await sessionOf(phone)].map(({ id }) => id).sort())
  t.same(sessions.filter(({ current }) => current), [await sessionOf(laptop)])
  for (const session of sessions) {
    t.same(Object.keys(session).sort(), ['createdAt', 'current', 'expiresAt', 'id', 'ip', 'lastSeenAt', 'userAgent'])
    t.equal(session.ip, '127.0.0.1')
  }
})

t.test('S1: one device signs another out', async (t) => {
  const nodes = await startNodes(t, 2)
  const ended = recordEnds(nodes)
  const laptop = await person(nodes[0], 'alice')
  const phone = await person(nodes[1], 'alice')
  const { id } = await sessionOf(phone)

  const answer = await laptop.delete(`/auth/sessions/${id.toUpperCase()}`)

  t.equal(answer.status, 204)
  t.equal(sidOf(answer), undefined)
  t.equal((await phone.get('/auth/user')).status, 401)
  t.equal((await laptop.get('/auth/user')).status, 200)
  t.same(ended, [{ id, reason: 'revoked' }])
  t.equal((await laptop.delete(`/auth/sessions/${id}`)).body.error.code, 'session.not_found')
})

t.test('a device that signs itself out forgets its cookie', async (t) => {
  const node = await startNode(t)
  const alice = await person(node, 'alice')
  const { id } = await sessionOf(alice)

  t.equal((await alice.delete(`/auth/sessions/${id}`)).status, 204)

  t.equal(alice.jar.header, undefined)
})

t.test('S1: all other devices at once, on whatever node', async (t) => {
  const nodes = await startNodes(t, 2)
  const ended = recordEnds(nodes)
  const laptop = await person(nodes[0], 'alice')
  const others = [await person(nodes[0], 'alice'), await person(nodes[1], 'alice'), await person(nodes[1], 'alice')]
  const bob = await person(nodes[1], 'bob')
  const ids = await Promise.all(others.map(async (device) => (await sessionOf(device)).id))

  t.equal((await laptop.delete('/auth/sessions')).status, 204)

  for (const device of others) t.equal((await device.get('/auth/user')).status, 401)
  for (const device of [laptop, bob]) t.equal((await device.get('/auth/user')).status, 200)
  t.same(ended.map(({ id }) => id).sort(), ids.sort())
  t.same(new Set(ended.map(({ reason }) => reason)), new Set(['revoked']))
  t.equal((await laptop.delete('/auth/sessions')).status, 204, 'nobody left is no mistake')
  t.equal(ended.length, ids.length)

  const later = await person(nodes[1], 'alice')
  for (const device of [laptop, later]) t.equal((await device.get('/auth/user')).status, 200)
})

t.test('a session of somebody else is none of mine', async (t) => {
  const node = await startNode(t)
  const [alice, mallory] = [await person(node, 'alice'), await person(node, 'mallory')]
  const { id } = await sessionOf(alice)

  for (const sessionId of [id, randomUUID()]) {
    t.equal((await mallory.delete(`/auth/sessions/${sessionId}`)).body.error.code, 'session.not_found')
  }
  t.equal((await mallory.delete('/auth/sessions/mine')).body.error.code, 'request.invalid')
  await mallory.delete('/auth/sessions')
  t.equal((await alice.get('/auth/user')).status, 200)
})

t.test('a stranger has no devices', async (t) => {
  const nobody = stranger(await startNode(t))
  for (const answer of [
    await nobody.get('/auth/user'), await nobody.patch('/auth/user', { displayName: 'x' }), await nobody.get('/auth/sessions'),
    await nobody.delete('/auth/sessions'), await nobody.delete(`/auth/sessions/${randomUUID()}`), await nobody.post('/auth/logout')
  ]) t.equal(answer.body.error.code, 'session.required')
})

t.test('what a browser says of itself is kept up to a length', async (t) => {
  const node = await startNode(t)
  const alice = await person(node, 'alice')
  const { body } = await stranger(node).request('POST', '/auth/login', {
    body: { username: 'alice', password: alice.password }, headers: { 'user-agent': 'x'.repeat(5000) }
  })
  t.equal(body.session.userAgent, 'x'.repeat(256))
})

t.test('a user has so many sessions at most: one more ends the one that was used least lately', async (t) => {
  const node = await startNode(t)
  const devices = [await person(node, 'alice'), await person(node, 'alice'), await person(node, 'alice')]
  const [first, second] = devices as [Person, Person, Person]
  const seconds = await second.connect()
  const { database: { sql }, sessionStore: store, sessionLifetimes: lifetimes } = node.app
  const sessions = createSessions({ sql, store, lifetimes, mostPerUser: 3, report (error) { throw error } })
  const live = (await node.app.readSession(second.jar.header))?.session
  if (!live) throw new Error('She is signed in.')

  await sessions.begin({ sid: randomUUID(), userId: first.id, generation: live.generation, ip: null, userAgent: null })
  const left = (await store.listOf(first.id)).length
  t.equal(left, 2, 'and the new one, which is not saved yet')
  t.equal((await first.get('/auth/user')).body.error.code, 'session.required')
  t.equal((await second.get('/auth/user')).status, 200)
  t.ok(seconds.client.connected)
})
