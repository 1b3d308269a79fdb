import { startRedis } from '../../cluster/redis.ts'
import { retry } from '../../cluster/retry.ts'
import type { LiveSession } from '../../domain/session.ts'
import { startNode } from '../helpers/node.ts'
import { person, stranger } from '../helpers/person.ts'
import { createStores } from '../helpers/stores.ts'
import { t } from '../suite.ts'
import { sidOf } from './cookies.ts'

t.test('R1: without Redis a session is not absent but unknown; it is there again when Redis is', async (t) => {
  const redis = await startRedis()
  t.teardown(() => redis.stop())
  const node = await startNode(t, { stores: { ...await createStores(t), redisUrl: redis.url } })
  const alice = await person(node, 'alice')
  const { body: before } = await alice.get('/auth/user')
  const cookie = alice.jar.header ?? ''
  const live = (await node.app.readSession(cookie))?.session as LiveSession

  await redis.kill()

  for (const answer of [
    await alice.get('/auth/user'), await alice.get('/auth/sessions'), await alice.post('/auth/logout'),
    await alice.delete('/auth/sessions'), await stranger(node).post('/auth/login', { username: 'alice', password: alice.password })
  ]) {
    t.equal(answer.status, 503)
    t.match(answer.body.error, { code: 'server.unavailable', retryable: true })
    t.equal(sidOf(answer), undefined)
  }
  await t.rejects(node.app.readSession(cookie), 'a socket is not told that there is no session')
  await t.rejects(node.app.domain.sessions.checkAlive([live]))

  const registered = await stranger(node).request('POST', '/auth/register', {
    body: { username: 'carol', password: 'the password of carol' }, headers: { cookie }
  })
  t.equal(registered.status, 201, 'what needs no session does not ask for one')
  t.equal((await fetch(`${node.url}/healthz`, { headers: { cookie } })).status, 200)
  t.equal((await stranger(node).get('/auth/user')).status, 401, 'without a cookie there is nothing to ask')
  t.equal((await stranger(node).get('/nowhere', { headers: { cookie } })).status, 404)

  await redis.restart()
  await retry(async () => {
    const { status, body } = await alice.get('/auth/user')
    if (status !== 200) throw new Error(`Alice is answered ${status}.`)
    t.same(body, before)
  }, { timeoutMs: 5000 })

  await node.app.redis.commands.flushall()
  t.equal((await alice.get('/auth/user')).body.error.code, 'session.required', 'Redis emptied: everybody is signed out')
  t.equal((await alice.post('/auth/login', { username: 'alice', password: alice.password })).status, 200)
})
