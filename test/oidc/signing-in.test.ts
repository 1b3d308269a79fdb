import { startNode, startNodes } from '../helpers/node.ts'
import { Person, person, stranger } from '../helpers/person.ts'
import { createStores } from '../helpers/stores.ts'
import { t } from '../suite.ts'
import { Browser, flowCookie } from './browser.ts'
import { startProvider } from './provider.ts'

t.test('somebody signs in with the identity provider, and is the same person the next time', async (t) => {
  const provider = await startProvider(t)
  const node = await startNode(t, provider.settings)
  provider.people.set('alice-1', { preferred_username: 'alice', name: 'Alice Liddell', email: 'alice@example.com', email_verified: true })

  const browser = new Browser(node)
  const back = await browser.signIn({ as: 'alice-1' })
  t.same([back.status, back.headers.get('location'), back.body], [302, '/', {}])
  t.equal(browser.jar.get(flowCookie), undefined, 'what was remembered of it is forgotten')

  const { body: { user, session } } = await browser.whoAmI()
  t.match(user, { username: 'alice', displayName: 'Alice Liddell', email: 'alice@example.com', emailVerified: true })
  t.equal(session.current, true)

  const elsewhere = new Browser(node)
  await elsewhere.signIn({ as: 'alice-1' })
  t.same((await elsewhere.whoAmI()).body.user, user)
  t.equal((await browser.api().get('/auth/sessions')).body.sessions.length, 2)
})

t.test('it may begin on one node and end on another', async (t) => {
  const provider = await startProvider(t)
  const [one, two, three] = await startNodes(t, 3, provider.settings)
  const browser = new Browser(one)
  await browser.signIn({ as: 'alice', returnTo: '/rooms/7?seq=3#end', back: two })
  t.equal((await browser.api(three).get('/auth/user')).status, 200)
})

t.test('a sign-in ends whatever session and socket the browser had, and the sid is a new one', async (t) => {
  const provider = await startProvider(t)
  const [one, two] = await startNodes(t, 2, provider.settings)
  const bob = await person(one, 'bob')
  const [before, socket] = [bob.jar.get('sid'), await bob.at(two).connect()]
  const old = new Browser(one)
  old.jar.keep(new Headers({ 'set-cookie': `sid=${before}` }))

  const browser = new Browser(one, bob.jar)
  await browser.signIn({ as: 'alice' })
  t.match(await socket.next('session:ended'), { reason: 'logout' })
  t.equal(await socket.next('disconnect'), 'io server disconnect')
  t.not(browser.jar.get('sid'), before)
  t.equal((await old.whoAmI()).body.error.code, 'session.required')
  t.notSame((await browser.whoAmI()).body.user.id, bob.id)

  const made = browser.jar.get('sid')
  await browser.signIn({ as: 'alice' })
  t.not(browser.jar.get('sid'), made, 'also when it is the same person again')
  const me = (await browser.whoAmI()).body.user
  const mine = await new Person(two, browser.jar, me, '').connect()
  t.match(mine.ready.user, { id: me.id })
})

t.test('a sid that somebody else has planted signs nobody in', async (t) => {
  const provider = await startProvider(t)
  const node = await startNode(t, provider.settings)
  const mallory = await person(node, 'mallory')
  const planted = mallory.jar.get('sid')
  const browser = new Browser(node)
  browser.jar.keep(new Headers({ 'set-cookie': `sid=${planted}` }))
  await browser.signIn({ as: 'alice' })
  t.not(browser.jar.get('sid'), planted)
  t.equal((await mallory.get('/auth/user')).status, 401)
})

t.test('the way there is asked for as the standard wants it, and the cookie is for nobody to read', async (t) => {
  const provider = await startProvider(t)
  const node = await startNode(t, provider.settings)
  const answer = await stranger(node).get('/auth/oidc')
  const { searchParams } = new URL(answer.headers.get('location') ?? '')
  t.match(Object.fromEntries(searchParams), {
    response_type: 'code',
    client_id: 'parley',
    scope: 'openid profile email',
    redirect_uri: 'https://parley.example/api/auth/oidc/callback',
    code_challenge_method: 'S256',
    code_challenge: /^[\w-]{43}$/,
    state: /^[\w-]{43}$/,
    nonce: /^[\w-]{43}$/
  })
  const [cookie = ''] = answer.headers.getSetCookie()
  t.match(cookie, /^oidc=[\w-]+; Max-Age=600; Path=\/api\/auth\/oidc; HttpOnly; SameSite=Lax$/)
  const sealed = Buffer.from(/=([\w-]+)/.exec(cookie)?.[1] ?? '', 'base64url').toString('latin1')
  for (const name of ['state', 'nonce'] as const) t.notOk(sealed.includes(searchParams.get(name) ?? ''), `${name} is encrypted`)
  const again = new URL((await stranger(node).get('/auth/oidc')).headers.get('location') ?? '').searchParams
  for (const name of ['state', 'nonce', 'code_challenge']) t.not(again.get(name), searchParams.get(name))
})

t.test('the ways to sign in can be asked for', async (t) => {
  const provider = await startProvider(t)
  const stores = await createStores(t)
  const plain = await startNode(t, { stores })
  const named = await startNode(t, { stores, ...provider.settings, OIDC_NAME: 'Example ID' })
  const unnamed = await startNode(t, { stores, ...provider.settings })
  const methods = async (node: typeof plain) => (await stranger(node).get('/auth/methods')).body as unknown
  t.same(await methods(plain), { password: true, recovery: false, oidc: null })
  t.same(await methods(named), { password: true, recovery: false, oidc: { name: 'Example ID' } })
  t.same(await methods(unnamed), { password: true, recovery: false, oidc: { name: new URL(provider.issuer).host } })
  t.same(provider.asked, [], 'and the provider is not asked for that')

  const alice = await person(plain, 'alice')
  for (const path of ['/auth/oidc', '/auth/oidc/callback?code=x&state=y']) t.equal((await alice.get(path)).body.error.code, 'feature.disabled')
  t.equal((await alice.post('/auth/oidc/link')).body.error.code, 'feature.disabled')
  t.same((await alice.get('/auth/identities')).body, { identities: [], hasPassword: true })
})
