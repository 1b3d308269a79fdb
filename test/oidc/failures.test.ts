import { startLoggingNode, type LogLine } from '../helpers/logging-node.ts'
import { startNode } from '../helpers/node.ts'
import { person, stranger } from '../helpers/person.ts'
import type { Ending } from '../helpers/stores.ts'
import { t } from '../suite.ts'
import { Browser } from './browser.ts'
import { answerJson, startProvider } from './provider.ts'

async function startLogging (t: Ending, settings: Record<string, string>) {
  const node = await startLoggingNode(t, settings)
  return { ...node, said: () => node.lines.filter(({ msg }) => msg.startsWith('signing in with')) }
}

t.test('a node starts without the provider, says so to whoever wants to sign in, and needs no restart when it is back', async (t) => {
  const provider = await startProvider(t)
  await provider.stop()
  const node = await startLogging(t, provider.settings)
  for (const attempt of ['the first', 'the second']) {
    const { status, body, headers } = await stranger(node).get('/auth/oidc')
    t.match({ status, ...body }, { status: 503, error: { code: 'server.unavailable', retryable: true, retryAfterMs: 2000, message: /identity provider does not answer/ } })
    t.same(headers.getSetCookie(), [])
    t.equal(headers.get('retry-after'), '2')
    t.match(node.said().at(-1), { level: 40, reason: /ECONNREFUSED/ }, attempt)
  }

  await provider.start()
  t.equal((await new Browser(node).signIn({ as: 'alice' })).status, 302)
  t.equal((await new Browser(node).signIn({ as: 'alice' })).status, 302)
  t.equal(provider.asked.filter((path) => path === '/.well-known/openid-configuration').length, 1, 'it is found out once')
})

t.test('a provider that is another than it says is not used', async (t) => {
  const provider = await startProvider(t)
  const path = '/.well-known/openid-configuration'
  const node = await startLogging(t, provider.settings)
  const answers = [
    answerJson(404, {}), answerJson(500, {}), answerJson(200, { issuer: 'https://evil.example' }), answerJson(200, []),
    answerJson(302, {}), answerJson(200, { issuer: provider.issuer })
  ]
  for (const answer of answers) {
    provider.faults.set(path, answer)
    t.equal((await stranger(node).get('/auth/oidc')).body.error.code, 'server.unavailable')
  }
  provider.faults.clear()
  t.equal((await stranger(node).get('/auth/oidc')).status, 302, 'until it says the right thing')
})

t.test('a provider that goes away before the end can be gone back to', async (t) => {
  const provider = await startProvider(t)
  const node = await startLogging(t, provider.settings)
  for (const path of ['/jwks', '/token', '/me']) {
    const faults = [answerJson(500, { error: 'server_error' }), answerJson(502, 'bad gateway')]
    for (const fault of path === '/jwks' ? faults.slice(0, 1) : faults) {
      const browser = new Browser(node)
      const callback = await browser.visit(await browser.begin(), 'alice')
      provider.faults.set(path, fault)
      const { status, body } = await browser.comeBack(callback)
      t.same([path, status, body.error.code], [path, 503, 'server.unavailable'])
      t.equal(browser.jar.get('sid'), undefined)
      provider.faults.clear()
      // Where the provider has not seen the code yet, the same callback works.
      if (path === '/token') t.equal((await browser.comeBack(callback)).status, 302)
    }
  }
  const browser = new Browser(node)
  const callback = await browser.visit(await browser.begin(), 'alice')
  await provider.stop()
  t.equal((await browser.comeBack(callback)).body.error.code, 'server.unavailable')
  t.equal(node.said().every(({ level }) => level === 40), true)
})

t.test('whoever says no at the provider is told so, and a refusal gives nothing away', async (t) => {
  const provider = await startProvider(t)
  const node = await startLogging(t, provider.settings)
  const denied = await new Browser(node).signIn({})
  t.match({ status: denied.status, ...denied.body }, { status: 401, error: { code: 'session.invalid_credentials', message: /told not to sign you in/ } })
  t.notMatch(JSON.stringify(denied.body), /no, thanks/)

  provider.faults.set('/token', answerJson(400, { error: 'invalid_grant', error_description: 'the table grants has no row' }))
  const refused = await new Browser(node).signIn({ as: 'alice' })
  t.equal(refused.body.error.code, 'session.invalid_credentials')
  provider.faults.set('/token', answerJson(401, { error: 'invalid_client', error_description: 'the secret is another' }))
  t.equal((await new Browser(node).signIn({ as: 'alice' })).body.error.code, 'session.invalid_credentials')
  t.notMatch(JSON.stringify(refused.body) + node.log(), /table grants|secret is another|no, thanks/)
  t.match(node.said(), [
    { level: 30, reason: /access_denied/ }, { level: 40, reason: /invalid_grant/ }, { level: 50, reason: /invalid_client/ }
  ])
})

t.test('a secret that the provider does not know is the operator\'s to mend', async (t) => {
  const provider = await startProvider(t)
  const node = await startLogging(t, { ...provider.settings, OIDC_CLIENT_SECRET: 'another secret' })
  t.equal((await new Browser(node).signIn({ as: 'alice' })).body.error.code, 'session.invalid_credentials')
  t.match(node.said(), [{ level: 50, reason: /401|WWW_AUTHENTICATE|invalid_client/ }])
})

t.test('scenario 29: no code, token or secret of a sign-in is logged, however much is', async (t) => {
  const provider = await startProvider(t)
  const node = await startLogging(t, provider.settings)
  const secrets: string[] = [provider.settings.OIDC_CLIENT_SECRET ?? '']
  for (const broken of [false, true]) {
    const browser = new Browser(node)
    const url = await browser.begin('/')
    const callback = await browser.visit(url, 'alice')
    secrets.push(browser.jar.get('oidc') ?? '')
    for (const { searchParams } of [new URL(url), new URL(callback, 'http://localhost')]) {
      secrets.push(...['state', 'nonce', 'code', 'code_challenge'].flatMap((name) => searchParams.get(name) ?? []))
    }
    if (broken) provider.faults.set('/token', answerJson(200, { access_token: 'a token that is secret', token_type: 'bearer', id_token: 'a.broken.token' }))
    await browser.comeBack(callback)
  }
  t.equal(secrets.length, 1 + 2 * 6)
  t.match(node.log(), /request completed/)
  const requests = node.log().split('\n').filter((line) => line.includes('incoming request')).map((line) => JSON.parse(line) as { req: { url: string } })
  t.match(requests.find(({ req }) => req.url === '/api/auth/oidc/callback')?.req, { method: 'GET', host: String, remoteAddress: '127.0.0.1', remotePort: Number })
  t.same(secrets.filter((secret) => secret === '' || node.log().includes(secret)), [])
  t.notMatch(node.log(), /a token that is secret|a\.broken\.token/)
})

t.test('an identity that is linked, and one that is removed, is a line in the log', async (t) => {
  const provider = await startProvider(t)
  const node = await startLogging(t, provider.settings)
  const alice = await person(node, 'alice')
  await new Browser(node, alice.jar).link({ as: 'alice' })
  const { body } = await alice.get('/auth/identities')
  const [identity] = (body as unknown as { identities: Array<{ id: string }> }).identities
  t.equal((await alice.delete(`/auth/identities/${identity?.id}`)).status, 204)
  const lines = node.log().trim().split('\n').map((line) => JSON.parse(line) as LogLine & { userId?: string, address?: string })
  const said = lines.filter(({ msg }) => msg.startsWith('an identity was')).map(({ msg, level, userId, address }) => ({ msg, level, userId, address }))
  const by = { level: 30, userId: alice.id, address: '127.0.0.1' }
  t.same(said, [{ msg: 'an identity was linked', ...by }, { msg: 'an identity was removed', ...by }])
  t.match(lines.find(({ msg }) => msg === 'starting'), { mail: 'none', signIn: ['password', String] })
})

t.test('keys that the provider has changed are fetched', async (t) => {
  const provider = await startProvider(t)
  const node = await startNode(t, provider.settings)
  t.equal((await new Browser(node).signIn({ as: 'alice' })).status, 302)
  await provider.rotate()
  // The library asks again for a key that it does not know after a minute.
  const { now } = Date
  t.teardown(() => { Date.now = now })
  Date.now = () => now() + 61_000
  t.equal((await new Browser(node).signIn({ as: 'alice' })).status, 302)
})
