import { CookieJar } from '../helpers/api.ts'
import { startNode, startNodes } from '../helpers/node.ts'
import { person, stranger } from '../helpers/person.ts'
import { sidOf } from '../sessions/cookies.ts'
import { t } from '../suite.ts'

t.test('a login answers with who I am and sets one cookie, which any node knows', async (t) => {
  const [here, there] = await startNodes(t, 2)
  const alice = await person(here, 'alice')
  const { username, password } = alice

  const login = await stranger(here).request('POST', '/auth/login', { body: { username: username.toUpperCase(), password }, headers: { 'user-agent': 'phone' } })

  t.equal(login.status, 200)
  t.same(login.body.user, alice.user)
  t.match(login.body.session, { userAgent: 'phone', ip: '127.0.0.1', current: true })
  const cookie = sidOf(login)
  t.same(cookie?.flags, ['httponly'])
  t.match(cookie?.attributes, { path: '/', samesite: 'Lax' })
  t.ok(Date.parse(cookie?.attributes.expires ?? '') >= Date.parse(login.body.session.expiresAt) - 1000)
  t.not(cookie?.value.includes(login.body.session.id), 'the public id is not in the cookie')

  const elsewhere = await stranger(there).get('/auth/user', { headers: { cookie: `sid=${encodeURIComponent(cookie?.value ?? '')}` } })
  t.same(elsewhere.body, login.body)
  t.equal(sidOf(elsewhere), undefined, 'a cookie that need not change is not sent again')
})

t.test('a wrong password and an unknown name are answered alike, and leave no session', async (t) => {
  const node = await startNode(t)
  await person(node, 'alice')

  const wrong = await stranger(node).post('/auth/login', { username: 'alice', password: 'the password of bob' })
  const unknown = await stranger(node).post('/auth/login', { username: 'nobody', password: 'the password of bob' })
  const empty = await stranger(node).post('/auth/login', { username: '', password: '' })

  for (const answer of [wrong, unknown, empty]) {
    t.equal(answer.status, 401)
    t.same(answer.body.error, wrong.body.error)
    t.equal(answer.body.error.code, 'session.invalid_credentials')
    t.equal(sidOf(answer), undefined)
  }
})

t.test('a login that is no login is refused by the field', async (t) => {
  const node = await startNode(t)
  for (const [field, body] of [
    ['/password', { username: 'alice' }],
    ['/username', { password: 'x' }],
    ['/username', { username: { $ne: null }, password: 'x' }],
    ['/password', { username: 'alice', password: ['x'] }],
    ['/password', { username: 'alice', password: 'x'.repeat(257) }],
    ['/username', { username: 'alice\0', password: 'x' }],
    ['/userId', { username: 'alice', password: 'x', userId: 'bob' }]
  ] as const) {
    const answer = await stranger(node).post('/auth/login', body)
    t.equal(answer.status, 400)
    t.same(answer.body.error.details?.map(({ path }) => path), [field])
  }
})

t.test('S3: every login is a new session, and the one that it came with has ended', async (t) => {
  const node = await startNode(t)
  const alice = await person(node, 'alice')
  const before = alice.jar.header ?? ''
  const { body: { session: first } } = await alice.get('/auth/user')

  const login = await alice.post('/auth/login', { username: 'alice', password: alice.password })

  t.equal(login.status, 200)
  t.not(login.body.session.id, first.id)
  t.not(alice.jar.header, before)
  t.equal((await stranger(node).get('/auth/user', { headers: { cookie: before } })).status, 401)
  t.same((await alice.get('/auth/sessions')).body.sessions.map(({ id }) => id), [login.body.session.id])
})

t.test('S3: a cookie that mallory planted before the login is worth nothing after it', async (t) => {
  const node = await startNode(t)
  const [mallory, alice] = [await person(node, 'mallory'), await person(node, 'alice')]
  const planted = { cookie: mallory.jar.header ?? '' }

  const login = await stranger(node).request('POST', '/auth/login', {
    body: { username: 'alice', password: alice.password }, headers: planted
  })

  t.equal(login.body.user.username, 'alice')
  t.not(`sid=${encodeURIComponent(sidOf(login)?.value ?? '')}`, planted.cookie)
  t.equal((await mallory.get('/auth/user')).status, 401)
})

t.test('a session that fails to begin anew stays: a wrong password signs nobody out', async (t) => {
  const node = await startNode(t)
  const alice = await person(node, 'alice')

  t.equal((await alice.post('/auth/login', { username: 'alice', password: 'another' })).status, 401)

  t.equal((await alice.get('/auth/user')).status, 200)
})

t.test('two logins that come with the same session at the same moment both succeed, and it is over', async (t) => {
  const [here, there] = await startNodes(t, 2)
  const alice = await person(here, 'alice')
  const { body: { session: old } } = await alice.get('/auth/user')
  const body = { username: 'alice', password: alice.password }
  const headers = { cookie: alice.jar.header ?? '' }

  const answers = await Promise.all([here, there].map((node) => stranger(node).request('POST', '/auth/login', { body, headers })))

  t.same(answers.map(({ status }) => status), [200, 200])
  t.equal((await alice.get('/auth/user')).status, 401)
  const jar = new CookieJar()
  for (const answer of answers) jar.keep(answer.headers)
  const { body: { sessions } } = await stranger(here).get('/auth/sessions', { headers: { cookie: jar.header ?? '' } })
  t.same(sessions.map(({ id }) => id).sort(), answers.map((answer) => answer.body.session.id).sort())
  t.notOk(sessions.some(({ id }) => id === old.id))
})

t.test('an old, cheaper hash is replaced at the next login', async (t) => {
  const node = await startNode(t)
  const alice = await person(node, 'alice')
  const dear = await startNode(t, { stores: node.stores, LIMITS: 'standard' })

  t.equal((await stranger(dear).post('/auth/login', { username: 'alice', password: alice.password })).status, 200)

  const [row] = await node.app.database.sql<Array<{ kept: string }>>`select password_hash as kept from users`
  t.match(row?.kept, /^\$scrypt\$ln=15,/)
  t.equal((await stranger(node).post('/auth/login', { username: 'alice', password: alice.password })).status, 200)
})
