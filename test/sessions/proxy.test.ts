import type { Answer } from '../helpers/api.ts'
import { startNode, type NodeOptions, type TestNode } from '../helpers/node.ts'
import { person, stranger } from '../helpers/person.ts'
import { t } from '../suite.ts'
import { sidOf } from './cookies.ts'

const password = 'the password of alice'

/** In production, with the addresses of proxies that are believed. */
async function startProduction (t: Parameters<typeof startNode>[0], options: NodeOptions = {}): Promise<TestNode> {
  const node = await startNode(t, { NODE_ENV: 'production', LIMITS: 'standard', ...options })
  await stranger(node).post('/auth/register', { username: 'alice', password })
  return node
}

function login (node: TestNode, headers: Record<string, string>): Promise<Answer> {
  return stranger(node).request('POST', '/auth/login', { body: { username: 'alice', password }, headers })
}

const asProxy = {
  'x-forwarded-proto': 'https', 'x-forwarded-host': 'chat.example.com', 'x-forwarded-for': '203.0.113.7', origin: 'https://chat.example.com'
}

t.test('scenario 8: behind a proxy that ends TLS the secure cookie is set, and its address is seen', async (t) => {
  const node = await startProduction(t, { TRUST_PROXY: 'loopback' })

  const answer = await login(node, asProxy)

  t.equal(answer.status, 200)
  t.same(sidOf(answer)?.flags, ['httponly', 'secure'])
  t.equal(answer.body.session.ip, '203.0.113.7')
  const cookie = `sid=${encodeURIComponent(sidOf(answer)?.value ?? '')}`
  t.equal((await stranger(node).get('/auth/user', { headers: { ...asProxy, cookie } })).status, 200)
  const out = await stranger(node).request('POST', '/auth/logout', { headers: { ...asProxy, cookie } })
  t.same(sidOf(out)?.flags, ['httponly', 'secure'])
})

t.test('scenario 8: also when nobody has told us of the proxy, as long as its page is named', async (t) => {
  const node = await startProduction(t, { PUBLIC_URL: 'https://chat.example.com/' })

  const answer = await login(node, asProxy)

  t.equal(answer.status, 200)
  t.same(sidOf(answer)?.flags, ['httponly', 'secure'])
  t.equal(answer.body.session.ip, '127.0.0.1', 'what it says of addresses is not believed')
})

t.test('what a proxy says that is not trusted does not count', async (t) => {
  const strange = await startProduction(t, { TRUST_PROXY: '192.0.2.0/24' })
  t.equal((await login(strange, asProxy)).body.error.code, 'origin.refused')

  const node = await startProduction(t)
  t.equal((await login(node, asProxy)).body.error.code, 'origin.refused')
})

t.test('of a chain of proxies the nearest is believed', async (t) => {
  const node = await startProduction(t, { TRUST_PROXY: '127.0.0.1' })
  const headers = { ...asProxy, 'x-forwarded-host': 'evil.example, chat.example.com', 'x-forwarded-proto': 'http, https' }

  t.equal((await login(node, headers)).status, 200)
  t.equal((await login(node, { ...headers, origin: 'http://evil.example' })).body.error.code, 'origin.refused')
})

t.test('outside production the cookie works without TLS', async (t) => {
  const node = await startNode(t)
  const alice = await person(node, 'alice')
  const answer = await alice.post('/auth/login', { username: 'alice', password })
  t.same(sidOf(answer)?.flags, ['httponly'])
})
