import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import { buildApp } from '../../app.ts'
import { readConfig } from '../../plugins/config.ts'
import { requestSessionsPlugin } from '../../plugins/request-sessions.ts'
import { startNode, testEnvironment, type TestNode } from '../helpers/node.ts'
import { person } from '../helpers/person.ts'
import type { Ending, Stores } from '../helpers/stores.ts'
import { t } from '../suite.ts'
import { sidOf } from './cookies.ts'

/** A node with a slow call that changes its session and waits: what a request in flight may do at its worst. */
async function startSlowNode (t: Ending, stores: Stores) {
  const app = await buildApp({ config: readConfig(testEnvironment(stores)), logger: pino({ level: 'silent' }) })
  let arrived = () => {}
  let letGo = () => {}
  const inFlight = new Promise<void>((resolve) => { arrived = resolve })
  const released = new Promise<void>((resolve) => { letGo = resolve })
  await app.register(async (api: FastifyInstance) => {
    await api.register(requestSessionsPlugin)
    api.get('/slow', async ({ session }) => {
      if (session.record) session.record.userAgent = 'changed at the end'
      arrived()
      await released
      return { done: true }
    })
  }, { prefix: '/api' })
  t.teardown(() => app.close())
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  return { node: { name: 'slow', url, sockets: new Set() } satisfies Partial<TestNode>, app, inFlight, letGo }
}

t.test('a request in flight while its session is ended does not raise it from the dead', async (t) => {
  const node = await startNode(t)
  const slow = await startSlowNode(t, node.stores)
  const alice = await person(node, 'alice')
  const phone = await person(node, 'alice')
  const { body: { session } } = await alice.get('/auth/user')
  const live = (await node.app.readSession(alice.jar.header))?.session
  const request = alice.at(slow.node).get('/slow')
  await slow.inFlight

  t.equal((await phone.delete(`/auth/sessions/${session.id}`)).status, 204)
  slow.letGo()
  const answer = await request

  t.equal(answer.body.error.code, 'session.required')
  t.equal(sidOf(answer), undefined)
  t.equal((await alice.get('/auth/user')).status, 401)
  t.equal(await node.app.redis.commands.exists(node.app.redis.name('session', `{${live?.sid ?? ''}}`)), 0)
  t.equal((await phone.get('/auth/sessions')).body.sessions.length, 1)
})

t.test('a request in flight may change a session that lives on', async (t) => {
  const node = await startNode(t)
  const slow = await startSlowNode(t, node.stores)
  const alice = await person(node, 'alice')
  slow.letGo()

  t.same((await alice.at(slow.node).get('/slow')).body, { done: true })

  t.equal((await alice.get('/auth/user')).body.session.userAgent, 'changed at the end')
})

t.test('a key that a Redis failover brings back is still dead', async (t) => {
  const node = await startNode(t)
  const { commands, name } = node.app.redis
  const alice = await person(node, 'alice')
  const laptop = await person(node, 'alice')
  const header = alice.jar.header ?? ''
  const live = (await node.app.readSession(header))?.session
  const key = name('session', `{${live?.sid ?? ''}}`)
  const kept = await commands.get(key) ?? ''

  await laptop.delete('/auth/sessions')
  t.equal(await commands.exists(key), 0)
  await commands.del(`${key}:ended`)
  await commands.set(key, kept)
  await commands.zadd(name('sessions-of', alice.id), live?.createdAt ?? 0, live?.sid ?? '')

  t.equal((await alice.get('/auth/user')).body.error.code, 'session.required')
  t.equal(await node.app.readSession(header), null)
  t.equal((await laptop.get('/auth/sessions')).body.sessions.length, 1)
  t.same(await node.app.domain.sessions.findEnded(live ? [live] : []), [{ id: live?.id, userId: alice.id, reason: 'revoked' }])
})
