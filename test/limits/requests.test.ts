import { startRedis } from '../../cluster/redis.ts'
import { startNode, startNodes } from '../helpers/node.ts'
import { people, stranger } from '../helpers/person.ts'
import { createStores } from '../helpers/stores.ts'
import { t } from '../suite.ts'
import { createFlood } from './flood.ts'

const strict = { LIMITS: 'standard', TRUST_PROXY: 'loopback' }
const from = (address: string) => ({ headers: { 'x-forwarded-for': address } })

t.test('a user may ask 1,200 times a minute over all nodes; others at the same address are not touched', async (t) => {
  const nodes = await startNodes(t, 2, strict)
  const [alice, bob] = await people(nodes[0], 'alice', 'bob')

  const left = []
  for (const node of nodes) left.push((await alice.at(node).get('/rooms')).headers.get('x-ratelimit-remaining'))
  t.same(left, ['1199', '1198'])
  // As if she had asked so often.
  const { commands, name } = nodes[0].app.redis
  await commands.incrby(name('rate', alice.id), 1197)
  t.equal((await alice.at(nodes[1]).get('/rooms')).status, 200, 'the last')
  const { status, headers, body: { error } } = await alice.get('/rooms')
  t.match({ status, error }, { status: 429, error: { code: 'rate.limited', retryable: true } })
  t.ok(error.retryAfterMs && error.retryAfterMs <= 60_000)
  t.equal(headers.get('retry-after'), String(Math.ceil((error.retryAfterMs ?? 0) / 1000)))
  t.equal((await bob.get('/rooms')).status, 200)
  t.equal((await stranger(nodes[1]).get('/auth/user')).status, 401)
})

t.test('ten accounts a minute are made from one address, over all nodes', async (t) => {
  const [one, two] = await startNodes(t, 2, strict)
  const register = (node: typeof one, address: string) => stranger(node).request('POST', '/auth/register', { body: {}, ...from(address) })
  const statuses = []
  for (let count = 0; count < 12; count++) statuses.push((await register(count % 2 ? one : two, '203.0.113.7')).status)
  t.same(statuses, [...Array.from({ length: 10 }, () => 400), 429, 429])
  t.equal((await register(one, '203.0.113.8')).status, 400, 'another address')
  t.equal((await stranger(one).get('/auth/user', from('203.0.113.7'))).status, 401, 'what is not registering goes on')
})

t.test('signing in with a provider has a limit of its own, there and back', async (t) => {
  const node = await startNode(t, strict)
  for (const path of ['/auth/oidc', '/auth/oidc/callback']) {
    const statuses = []
    for (let count = 0; count < 31; count++) statuses.push((await stranger(node).get(path, from('203.0.113.7'))).status)
    t.same(statuses, [...Array.from({ length: 30 }, () => 404), 429], path)
    t.equal((await stranger(node).get(path, from('203.0.113.8'))).status, 404, 'another address')
  }
})

t.test('what one address asks beyond measure is refused before anything is read for it', async (t) => {
  const node = await startNode(t, strict)
  const [alice] = await people(node, 'alice')
  let isRead = false
  const { 429: refused = 0 } = await createFlood(t, [node])(6000, { method: 'GET', path: '/auth/methods', headers: { 'x-forwarded-for': '203.0.113.7' } })
  t.ok(refused >= 4800, 'beyond the limit over all nodes')
  const { sessionStore } = node.app
  const get = sessionStore.get.bind(sessionStore)
  sessionStore.get = async (sid, done) => { isRead = true; await get(sid, done) }

  t.equal((await alice.get('/auth/user', from('203.0.113.7'))).status, 429)
  t.notOk(isRead)
  t.equal((await alice.get('/auth/user', from('203.0.113.8'))).status, 200)
  t.ok(isRead)
})

t.test('an IPv6 network is one client, however many addresses it has', async (t) => {
  const node = await startNode(t, strict)
  const left = async (address: string) => (await stranger(node).get('/auth/user', from(address))).headers.get('x-ratelimit-remaining')
  t.equal(await left('2001:db8:1:2::1'), '1199')
  t.equal(await left('2001:db8:1:2:ffff:ffff:ffff:ffff'), '1198')
  t.equal(await left('2001:db8:1:3::1'), '1199', 'the next network')
  t.equal(await left('203.0.113.7'), '1199')
  t.equal(await left('::ffff:203.0.113.7'), '1198', 'the same in the clothes of IPv6')
})

t.test('without TRUST_PROXY nobody gets a budget by making up where they come from', async (t) => {
  const node = await startNode(t, { LIMITS: 'standard' })
  const left = async (address: string) => (await stranger(node).get('/auth/user', from(address))).headers.get('x-ratelimit-remaining')
  t.same([await left('203.0.113.7'), await left('203.0.113.8'), await left('nonsense')], ['1199', '1198', '1197'])
})

t.test('relaxed means a thousand times as much', async (t) => {
  const node = await startNode(t)
  const { headers } = await stranger(node).get('/auth/user')
  t.equal(headers.get('x-ratelimit-limit'), '1200000')
})

t.test('while Redis is away the limits stand in nobody\'s way', async (t) => {
  const redis = await startRedis()
  t.teardown(() => redis.stop())
  const node = await startNode(t, { ...strict, stores: { ...await createStores(t), redisUrl: redis.url } })
  const [alice] = await people(node, 'alice')
  await redis.kill()
  const carol = { username: 'carol', password: 'the password of carol' }
  t.equal((await stranger(node).post('/auth/register', carol)).status, 201, 'what needs no Redis goes on')
  const statuses = []
  for (let count = 0; count < 12; count++) {
    statuses.push((await stranger(node).request('POST', '/auth/register', { body: {}, ...from('203.0.113.7') })).status)
  }
  t.same(statuses, [...Array.from({ length: 10 }, () => 400), 429, 429], 'what has a limit of its own keeps it on each node')
  for (const answer of [await stranger(node).post('/auth/login', carol), await alice.get('/rooms'),
    await alice.patch('/auth/user', { password: 'another password', currentPassword: alice.password })]) {
    t.match(answer, { status: 503, body: { error: { code: 'server.unavailable', retryable: true } } })
  }
})
