import { randomUUID } from 'node:crypto'
import { startRedis } from '../../cluster/redis.ts'
import { startNodes } from '../helpers/node.ts'
import { people, stranger } from '../helpers/person.ts'
import { createStores } from '../helpers/stores.ts'
import { until } from '../helpers/until.ts'
import { t } from '../suite.ts'

t.test('R1: Redis dies: sockets stay, messages commit, are acked and arrive; nobody new gets in; all converges on its return', async (t) => {
  const redis = await startRedis()
  t.teardown(() => redis.stop())
  const stores = { ...await createStores(t), redisUrl: redis.url }
  const [one, two] = await startNodes(t, 2, { stores })
  const [alice, bob] = await people(one, 'alice', 'bob')
  const room = await alice.makeRoom()
  await bob.join(room)
  const alice1 = await alice.connect()
  const bob2 = await bob.at(two).connect()
  const send = (text: string) => alice1.do('message:send', { roomId: room.id, id: randomUUID(), text })

  await redis.kill()
  const { message } = await send('without redis')
  await bob2.caughtUp(room.id, message.seq)
  t.pass('it arrived on the other node')

  t.match(await stranger(one).post('/auth/login', { username: 'bob', password: bob.password }), {
    status: 503, body: { error: { code: 'server.unavailable', retryable: true } }
  })
  t.match(await bob.get('/auth/user'), { status: 503, body: { error: { code: 'server.unavailable' } } }, 'an error from Redis is not the absence of a session')
  t.match(await bob.socket().refusal(), { code: 'server.unavailable', retryable: true })
  await until('n2 says that it is not ready', async () => (await fetch(`${two.url}/readyz`)).status === 503)

  await redis.restart()
  await until('n2 is ready again', async () => (await fetch(`${two.url}/readyz`)).status === 200)
  t.match(await bob.get('/auth/user'), { status: 200 })
  const again = await send('with redis')
  t.same((await bob2.caughtUp(room.id, again.message.seq)).map(({ seq }) => seq), [3, 4])
  t.notOk([alice1, bob2].some(({ received }) => received.some(({ event }) => event === 'disconnect')), 'no socket was closed')
})

t.test('R1: Redis emptied: everybody is signed out (expired), and messages survive', async (t) => {
  const redis = await startRedis()
  t.teardown(() => redis.stop())
  const stores = { ...await createStores(t), redisUrl: redis.url }
  const [one, two] = await startNodes(t, 2, { stores })
  const [alice] = await people(one, 'alice')
  const room = await alice.makeRoom()
  await alice.send(room, 'durable')
  const alice2 = await alice.at(two).connect()
  await one.app.redis.commands.flushall()
  t.same(await alice2.next('session:ended', undefined, 10_000), { reason: 'expired' })
  t.equal(await alice2.next('disconnect'), 'io server disconnect')
  t.match(await alice.get('/auth/user'), { status: 401, body: { error: { code: 'session.required' } } })
  const [again] = await people(one, 'alice')
  t.match((await again.get(`/rooms/${room.id}/messages`)).body.messages, [{ text: 'durable' }])
})
