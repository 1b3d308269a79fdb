import { generateKeyPairSync } from 'node:crypto'
import type { Test } from 'tap'
import { FlowSeal, type Flow } from '../../plugins/oidc/flow.ts'
import type { Answer } from '../helpers/api.ts'
import { startNode, type TestNode } from '../helpers/node.ts'
import { person, stranger } from '../helpers/person.ts'
import { createStores } from '../helpers/stores.ts'
import { t } from '../suite.ts'
import { Browser, locationOf } from './browser.ts'
import { answerJson, startProvider } from './provider.ts'

const provider = await startProvider(t)
const node = await startNode(t, provider.settings)
const seal = new FlowSeal(node.config.SESSION_SECRETS)

async function countUsers (): Promise<number> {
  const [row] = await node.app.database.sql<Array<{ count: number }>>`select count(*) from users`
  return row?.count ?? -1
}

/** Refused in the contract's words, without a session, and with what was begun forgotten. */
function isRefused (t: Test, { status, body, headers }: Answer, what: string): void {
  t.same([status, body.error?.code], [401, 'session.invalid_credentials'], what)
  const cookies = headers.getSetCookie()
  t.notOk(cookies.some((cookie) => cookie.startsWith('sid=')), `${what}: no session`)
  t.ok(cookies.some((cookie) => cookie.startsWith('oidc=;')), `${what}: it cannot be tried again`)
}

/** Somebody who has been at the provider, and is about to come back. */
async function aboutToComeBack (as = 'alice') {
  const browser = new Browser(node)
  const callback = await browser.visit(await browser.begin(), as)
  return { browser, callback, flow: seal.open(browser.jar.get('oidc') ?? '') as Flow }
}

function keepFlow (browser: Browser, flow: string): void {
  browser.jar.keep(new Headers({ 'set-cookie': `oidc=${flow}` }))
}

function withQuery (path: string, changes: Record<string, string | null>): string {
  const url = new URL(path, 'http://localhost')
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) url.searchParams.delete(name)
    else url.searchParams.set(name, value)
  }
  return url.pathname + url.search
}

t.test('whatever is changed on the way back is refused', async (t) => {
  const before = await countUsers()
  const changes: Array<Record<string, string | null>> = [
    { state: null }, { state: '' }, { state: 'x'.repeat(43) }, { code: null }, { code: '' }, { code: 'nonsense' }, { code: 'x'.repeat(5000) },
    { iss: null }, { iss: 'https://evil.example' }, { id_token: 'x' }, { response: 'x' }, { error: 'server_error' }, { error: "<script>'\0" }
  ]
  for (const change of changes) {
    const { browser, callback } = await aboutToComeBack()
    isRefused(t, await browser.comeBack(withQuery(callback, change)), JSON.stringify(change).slice(0, 60))
  }
  for (const name of ['state', 'code', 'iss']) {
    const { browser, callback } = await aboutToComeBack()
    isRefused(t, await browser.comeBack(`${callback}&${name}=${new URL(callback, 'http://localhost').searchParams.get(name)}`), `${name} twice`)
  }
  t.equal(await countUsers(), before)
})

t.test('what the browser remembers must be what it was given', async (t) => {
  const before = await countUsers()
  const remembered: Array<[string, (flow: Flow) => Flow]> = [
    ['another state', (flow) => ({ ...flow, state: 'x'.repeat(43) })],
    ['another nonce', (flow) => ({ ...flow, nonce: 'x'.repeat(43) })],
    ['another verifier', (flow) => ({ ...flow, verifier: 'x'.repeat(43) })],
    ['too long ago', (flow) => ({ ...flow, expiresAt: Date.now() - 1 })]
  ]
  for (const [what, change] of remembered) {
    const { browser, callback, flow } = await aboutToComeBack()
    keepFlow(browser, seal.seal(change(flow)))
    isRefused(t, await browser.comeBack(callback), what)
  }
  const { browser, callback, flow } = await aboutToComeBack()
  keepFlow(browser, seal.seal(flow))
  t.equal((await browser.comeBack(callback)).status, 302, 'while the same again is taken')
  t.equal(await countUsers(), before + 1)
})

t.test('a cookie that is missing, broken or sealed by somebody else is none', async (t) => {
  const { browser, callback, flow } = await aboutToComeBack()
  const whole = browser.jar.get('oidc') ?? ''
  const bytes = Buffer.from(whole, 'base64url')
  const changed = [0, 12, 28, bytes.length - 1].map((at) => {
    const copy = Buffer.from(bytes)
    copy[at] = (copy[at] ?? 0) ^ 1
    return copy.toString('base64url')
  })
  const forged = new FlowSeal(['a secret of mallory, who knows no other one']).seal(flow)
  for (const cookie of ['', 'x', '{}', whole.slice(0, -4), whole.slice(0, 30), forged, ...changed]) {
    const other = new Browser(node)
    keepFlow(other, cookie)
    isRefused(t, await other.comeBack(callback), cookie.slice(0, 20))
  }
  isRefused(t, await new Browser(node).comeBack(callback), 'no cookie')
  t.equal((await browser.comeBack(callback)).status, 302)
})

t.test('nobody is signed in as mallory by following a link of hers', async (t) => {
  const mallory = await aboutToComeBack('mallory')
  isRefused(t, await new Browser(node).comeBack(mallory.callback), 'somebody who has begun nothing')
  const alice = new Browser(node)
  await alice.begin()
  isRefused(t, await alice.comeBack(mallory.callback), 'somebody who has begun something else')
})

t.test('a callback works once, also for whoever has copied all of it', async (t) => {
  const { browser, callback } = await aboutToComeBack()
  const flow = browser.jar.get('oidc') ?? ''
  t.equal((await browser.comeBack(callback)).status, 302)
  isRefused(t, await browser.comeBack(callback), 'in the same browser')
  const thief = new Browser(node)
  keepFlow(thief, flow)
  isRefused(t, await thief.comeBack(callback), 'with the cookie as it was')
})

t.test('an ID token counts only as the provider has signed it for this very sign-in', async (t) => {
  const attempt = async (make: (nonce: string) => string, subject = 'victim') => {
    const { browser, callback, flow } = await aboutToComeBack()
    provider.faults.set('/token', answerJson(200, { access_token: 'x', token_type: 'Bearer', expires_in: 60, id_token: make(flow.nonce) }))
    provider.faults.set('/me', answerJson(200, { sub: subject }))
    const answer = await browser.comeBack(callback)
    provider.faults.clear()
    return answer
  }
  const sub = 'victim'
  const { privateKey: key } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const past = Math.floor(Date.now() / 1000) - 3600
  const forgeries: Record<string, (nonce: string) => string> = {
    'another key': (nonce) => provider.sign({ sub, nonce }, { key }),
    'no signature': (nonce) => provider.sign({ sub, nonce }, { algorithm: 'none' }),
    'a symmetric one': (nonce) => provider.sign({ sub, nonce }, { algorithm: 'HS256' }),
    'another nonce': () => provider.sign({ sub, nonce: 'x' }),
    'no nonce': () => provider.sign({ sub }),
    'for somebody else': (nonce) => provider.sign({ sub, nonce, aud: 'another' }),
    'of another issuer': (nonce) => provider.sign({ sub, nonce, iss: 'https://evil.example' }),
    expired: (nonce) => provider.sign({ sub, nonce, iat: past, exp: past + 60 }),
    'of nobody': (nonce) => provider.sign({ nonce }),
    'of another subject than the rest': (nonce) => provider.sign({ sub: 'somebody', nonce }),
    'no token': () => '',
    nonsense: () => 'a.b.c'
  }
  const before = await countUsers()
  for (const [what, make] of Object.entries(forgeries)) isRefused(t, await attempt(make), what)
  for (const strange of ['', 'a\0b', 'a\ud800', 'x'.repeat(256)]) {
    isRefused(t, await attempt((nonce) => provider.sign({ sub: strange, nonce }), strange), `the subject ${JSON.stringify(strange).slice(0, 20)}`)
  }
  t.equal(await countUsers(), before)
  t.equal((await attempt((nonce) => provider.sign({ sub, nonce }))).status, 302, 'while a true one does')
})

t.test('nobody is sent to another server afterwards', async (t) => {
  const hostile = [
    '', '//evil.example', '///evil.example', '/\\evil.example', '\\\\evil.example', '/\t/evil.example', '/\n/evil.example', '\t//evil.example', ' //evil.example',
    'https://evil.example', 'https:evil.example', 'javascript:alert(1)', 'evil.example', '@evil.example', '/x\r\nSet-Cookie: sid=x', '/\0', '/ ', '/a\\b', '/é',
    `/${'x'.repeat(2000)}`
  ]
  for (const returnTo of hostile) {
    const { status, body, headers } = await stranger(node).get(`/auth/oidc?${new URLSearchParams({ returnTo }).toString()}`)
    t.same([status, body.error.code, body.error.details?.[0]?.path], [400, 'request.invalid', '/returnTo'], JSON.stringify(returnTo).slice(0, 60))
    t.equal(headers.get('location'), null)
  }
  t.equal((await stranger(node).get('/auth/oidc?returnTo=/a&returnTo=//evil.example')).status, 400)

  const alice = await person(node, 'alice')
  for (const returnTo of hostile) t.equal((await alice.post('/auth/oidc/link', { returnTo })).body.error.code, 'request.invalid')

  for (const returnTo of ['/', '/rooms/7?a=b&c=%2F%2Fevil.example#d', '/.//evil.example', '/@evil.example', '/:80', '/%09/evil.example', '/%5Cevil.example']) {
    const location = locationOf(await new Browser(node).signIn({ as: 'alice', returnTo }))
    t.equal(location, returnTo)
    t.equal(new URL(location, 'https://parley.example').origin, 'https://parley.example', returnTo)
  }
})

t.test('a sign-in that began before a secret was changed goes on', async (t) => {
  const [old, young] = ['an old secret of at least as many letters', 'a new secret of at least as many letters']
  const stores = await createStores(t)
  const start = (secret: string): Promise<TestNode> => startNode(t, { stores, ...provider.settings, SESSION_SECRET: secret })
  const [before, changing, after] = [await start(old), await start(`${young},${old}`), await start(young)]
  t.equal((await new Browser(before).signIn({ as: 'alice', back: changing })).status, 302)
  t.equal((await new Browser(changing).signIn({ as: 'alice', back: after })).status, 302)
  isRefused(t, await new Browser(before).signIn({ as: 'alice', back: after }), 'one that nobody knows any more')
})

t.test('in production what is remembered travels by TLS only', async (t) => {
  const production = await startNode(t, { ...provider.settings, NODE_ENV: 'production', LIMITS: 'standard' })
  const { headers } = await stranger(production).get('/auth/oidc')
  t.match(headers.getSetCookie()[0], /^oidc=.*; HttpOnly; Secure; SameSite=Lax$/)
})
