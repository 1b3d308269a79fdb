import { startLoggingNode } from '../helpers/logging-node.ts'
import { person, stranger } from '../helpers/person.ts'
import { TestSocket } from '../helpers/socket.ts'
import { t } from '../suite.ts'

t.test('scenario 29: nothing secret is logged, however much is', async (t) => {
  const node = await startLoggingNode(t)
  const [alice, phone] = [await person(node, 'alice'), await person(node, 'alice')]
  const sids = await Promise.all([alice, phone].map(async ({ jar }) => (await node.app.readSession(jar.header))?.session.sid))
  const cookies = [alice, phone].map(({ jar }) => decodeURIComponent(jar.get('sid') ?? ''))

  await alice.connect()
  await new TestSocket(node, { cookie: `sid=${cookies[0]}x` }).refusal()
  await stranger(node).post('/auth/login', { username: 'alice', password: 'a wrong password' })
  await stranger(node).post('/auth/login', '{"username":"alice","password":"a broken password')
  await stranger(node).post('/auth/register', { username: 'alice', password: 'a taken password' })
  await alice.patch('/auth/user', { password: 'a new password', currentPassword: alice.password })
  await alice.request('POST', '/auth/logout', { headers: { origin: 'https://evil.example' } })
  await alice.post('/auth/logout')

  t.match(node.log(), /request completed/, 'something is logged')
  for (const secret of [...sids, ...cookies, ...cookies.map((cookie) => cookie.split('.')[1])]) {
    t.ok((secret?.length ?? 0) > 20)
    t.notOk(node.log().includes(secret ?? ''))
  }
  for (const secret of [alice.password, 'a wrong', 'a broken', 'a taken', 'a new', 'scrypt', node.app.config.SESSION_SECRETS[0]]) {
    t.notOk(node.log().includes(secret ?? ''), String(secret))
  }
})

t.test('scenario 7: a refused origin leaves a line that says what to do', async (t) => {
  const node = await startLoggingNode(t)
  await stranger(node).request('POST', '/auth/logout', { headers: { origin: 'https://app.example.com' } })

  const lines = node.log().split('\n').filter((line) => line.includes('"level":40'))
  t.equal(lines.length, 1)
  t.match(lines[0], /"origin":"https:\/\/app\.example\.com".*add https:\/\/app\.example\.com to ORIGINS/)
})

t.test('scenario 8: a login over plain HTTP in production is said to be one, once', async (t) => {
  const node = await startLoggingNode(t, { NODE_ENV: 'production', LIMITS: 'standard' })
  await person(node, 'alice')
  await person(node, 'alice')

  t.equal(node.log().match(/browsers drop the Secure cookie.*TRUST_PROXY/g)?.length, 1)
})
