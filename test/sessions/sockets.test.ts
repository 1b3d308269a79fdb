import postgres from 'postgres'
import { createSessions } from '../../domain/sessions.ts'
import { startNode, startNodes, type TestNode } from '../helpers/node.ts'
import { person, stranger } from '../helpers/person.ts'
import { TestSocket } from '../helpers/socket.ts'
import { until } from '../helpers/until.ts'
import { t } from '../suite.ts'

/** Sessions on the same stores, ended by somebody who tells no node of it. */
function silently ({ app }: TestNode) {
  const { database: { sql }, sessionStore: store, sessionLifetimes: lifetimes } = app
  return createSessions({ sql, store, lifetimes, mostPerUser: 100, report (error) { throw error } })
}

/** A polling client that is closed in the middle of its goodbye is waited for by the server for 30 s. */
async function goodbyes (nodes: TestNode[]): Promise<void> {
  for (const { sockets, app } of nodes) {
    for (const socket of sockets) socket.close()
    await until('all clients have said goodbye', () => app.realtime.io.engine.clientsCount === 0)
  }
}

t.test('scenarios 1 and 10: no session, no socket, and the client is told why', async (t) => {
  const node = await startNode(t)
  const alice = await person(node, 'alice')
  const dead = { cookie: (await person(node, 'alice')).jar.header ?? '' }
  await stranger(node).request('POST', '/auth/logout', { headers: dead })

  for (const transports of [['websocket'], ['polling']]) {
    for (const cookie of [undefined, 'sid=x', `${alice.jar.header ?? ''}x`, dead.cookie]) {
      const refused = await new TestSocket(node, { transports, ...(cookie && { cookie }) }).refusal()
      t.match(refused, { code: 'session.required', retryable: false }, `${transports.join()} with ${cookie ?? 'nothing'}`)
    }
  }
  await goodbyes([node])
})

t.test('scenario 1: a socket shows the session that REST shows', async (t) => {
  const [here, there] = await startNodes(t, 2)
  const alice = await person(here, 'alice')

  const socket = await alice.at(there).connect()

  const { body } = await alice.get('/auth/user')
  t.same(socket.ready.session, body.session)
  t.same(socket.ready.user, body.user)
})

t.test('S1 and scenario 3: a session that ends takes its sockets with it on every node, and no others', async (t) => {
  const [here, there] = await startNodes(t, 2)
  const password = 'a new password'
  let names = 1
  for (const [reason, end] of [
    ['logout', async (alice) => await alice.post('/auth/logout')],
    ['logout', async (alice) => await alice.post('/auth/login', { username: alice.username, password: alice.password })],
    ['revoked', async (alice, laptop) => await laptop.delete(`/auth/sessions/${(await alice.get('/auth/user')).body.session.id}`)],
    ['revoked', async (_alice, laptop) => await laptop.delete('/auth/sessions')],
    ['password_changed', async (alice, laptop) => await laptop.patch('/auth/user', { password, currentPassword: alice.password })]
  ] satisfies Array<[string, (alice: Device, laptop: Device) => Promise<{ status: number }>]>) {
    const name = `alice-${names++}`
    const [alice, laptop] = [await person(here, name), await person(here, name)]
    const sockets = [await alice.connect(), await alice.at(there).connect({ transports: ['polling'] })]
    const kept = await laptop.at(there).connect()

    t.ok((await end(alice, laptop)).status < 300, `ends by ${reason}`)

    for (const socket of sockets) {
      t.same(await socket.next('session:ended'), { reason })
      t.equal(await socket.next('disconnect'), 'io server disconnect')
    }
    t.same(await kept.do('room:sync', { rooms: [] }), { rooms: [] }, 'the other session talks on')
    t.notOk(kept.received.some(({ event }) => event === 'session:ended'))
    kept.close()
  }
  await goodbyes([here, there])
})

t.test('S1: two hundred sockets of one session on three nodes end with it, told why, and do not come back', async (t) => {
  const nodes = await startNodes(t, 3)
  const [alice, bob] = [await person(nodes[0], 'alice'), await person(nodes[1], 'bob')]
  const bobs = await bob.connect()
  const sockets = await Promise.all(Array.from({ length: 200 }, (_, index) => alice.at(nodes[index % 3] as TestNode).connect()))

  const { status } = await alice.at(nodes[1]).post('/auth/logout')
  const endedAt = performance.now()
  t.equal(status, 204)
  const after = await Promise.all(sockets.map(async (socket) => {
    const { reason } = await socket.next('session:ended', undefined, 10_000)
    await socket.next('disconnect')
    return { reason, ms: performance.now() - endedAt }
  }))
  t.same(new Set(after.map(({ reason }) => reason)), new Set(['logout']))
  t.comment(`the last of them ${Math.max(...after.map(({ ms }) => ms)).toFixed(0)} ms after the logout was answered`)
  for (const { app } of nodes) t.equal(app.realtime.io.sockets.sockets.size, app === nodes[1].app ? 1 : 0, 'only bob is left')
  t.ok(bobs.client.connected)
  t.match(await alice.socket({ cookie: 'sid=gone' }).refusal(), { code: 'session.required' })
})

t.test('S2: a socket ends with its session also when nobody told its node', async (t) => {
  const [here, there] = await startNodes(t, 2)
  const [alice, bob] = [await person(here, 'alice'), await person(here, 'bob')]
  const socket = await alice.at(there).connect()
  const other = await bob.at(there).connect()
  const live = (await here.app.readSession(alice.jar.header))?.session
  const { commands, name } = here.app.redis

  if (live) await silently(here).logout(live)
  t.same(await socket.next('session:ended', undefined, 10_000), { reason: 'logout' })

  const lost = (await here.app.readSession(bob.jar.header))?.session
  await commands.del(name('session', `{${lost?.sid ?? ''}}`))
  t.same(await other.next('session:ended', undefined, 10_000), { reason: 'expired' })
})

t.test('S2: also when a Redis failover has brought the session back', async (t) => {
  const node = await startNode(t)
  const alice = await person(node, 'alice')
  const socket = await alice.connect()
  const live = (await node.app.readSession(alice.jar.header))?.session
  const { commands, name } = node.app.redis
  const key = name('session', `{${live?.sid ?? ''}}`)
  const kept = await commands.get(key) ?? ''

  if (live) await silently(node).end({ userId: live.userId, sessionId: live.id }, live.id)
  await commands.set(key, kept)

  t.same(await socket.next('session:ended', undefined, 10_000), { reason: 'revoked' })
  t.match(await alice.socket().refusal(), { code: 'session.required' })
})

t.test('S2: a re-check that comes between a new password and the note of why says why all the same', async (t) => {
  const node = await startNode(t)
  const laptop = await person(node, 'alice')
  const phone = await person(node, 'alice')
  const phones = await phone.connect()
  const sql = postgres(node.stores.databaseUrl, { max: 1 })
  t.teardown(() => sql.end())
  const changing = await sql.begin(async (transaction) => {
    await transaction`lock table revocations in exclusive mode`
    // Wrapped, so that its answer is not waited for: it comes late, or says that it could not be finished.
    const answer = { is: laptop.patch('/auth/user', { password: 'another password', currentPassword: laptop.password }) }
    t.match(await phones.next('session:ended', undefined, 10_000), { reason: 'password_changed' })
    return answer
  })
  t.ok([200, 503].includes((await changing.is).status))
})

t.test('scenario 6: a socket does not outlive its session', async (t) => {
  const node = await startNode(t, { SESSION_IDLE_SECONDS: 1, SESSION_MAX_SECONDS: 1 })
  const alice = await person(node, 'alice')
  const socket = await alice.connect()
  const { expiresAt } = socket.ready.session

  t.same(await socket.next('session:ended'), { reason: 'expired' })
  t.ok(Date.now() >= Date.parse(expiresAt))
})

t.test('scenario 7: a page of another origin gets no socket, whatever its transport and cookie', async (t) => {
  const node = await startNode(t, { ORIGINS: 'https://app.example.com' })
  const alice = await person(node, 'alice')

  for (const transports of [['websocket'], ['polling']]) {
    for (const origin of ['https://evil.example', 'null', node.url.replace('127.0.0.1', 'localhost')]) {
      t.match(await alice.socket({ transports, origin }).refusal(), { code: 'origin.refused', retryable: false }, `${transports.join()} from ${origin}`)
      t.match(await new TestSocket(node, { transports, origin }).refusal(), { code: 'origin.refused' }, 'before any session is read')
    }
    for (const origin of ['https://app.example.com', node.url, undefined]) {
      const socket = await alice.connect({ transports, ...(origin && { origin }) })
      t.equal(socket.ready.user.username, 'alice')
    }
  }
  await goodbyes([node])
})

type Device = Awaited<ReturnType<typeof person>>
