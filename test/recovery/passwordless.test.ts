import { createAccounts } from '../../domain/accounts.ts'
import { createLetters } from '../../domain/letters.ts'
import { createPasswords } from '../../domain/passwords.ts'
import { startNode, type TestNode } from '../helpers/node.ts'
import { person, stranger, type Person } from '../helpers/person.ts'
import { age } from '../helpers/sessions.ts'
import { t } from '../suite.ts'
import { startMailbox } from './mailbox.ts'
import { askForToken, verifyEmail } from './world.ts'

const password = 'something quite different'

/** As somebody who only ever came from an identity provider. */
async function withoutPassword (node: TestNode, username: string): Promise<Person> {
  const somebody = await person(node, username)
  await node.app.database.sql`update users set password_hash = null where id = ${somebody.id}`
  return somebody
}

t.test('an account without a password cannot be signed in to with one, whichever', async (t) => {
  const node = await startNode(t)
  const alice = await withoutPassword(node, 'alice')

  const none = await stranger(node).post('/auth/login', { username: 'alice', password: alice.password })
  const unknown = await stranger(node).post('/auth/login', { username: 'nobody', password: alice.password })

  t.equal(none.status, 401)
  t.same(none.body, unknown.body)
  for (const guess of ['', 'null', 'undefined']) t.equal((await stranger(node).post('/auth/login', { username: 'alice', password: guess })).status, 401)
  t.equal((await alice.get('/auth/user')).status, 200)
})

t.test('it takes as long as for anybody else', async (t) => {
  const node = await startNode(t, { LIMITS: 'standard' })
  await withoutPassword(node, 'alice')
  const { accounts } = node.app.domain
  const measure = async (username: string) => {
    const times = []
    for (let count = 0; count < 3; count++) {
      const begun = performance.now()
      t.equal(await accounts.verifyCredentials(username, 'a wrong password', 'here'), null)
      times.push(performance.now() - begun)
    }
    return Math.min(...times)
  }
  await person(node, 'bob')

  const [alice, bob] = [await measure('alice'), await measure('bob')]

  t.ok(alice > bob / 3, `${alice} ms, and ${bob} ms for a password that is wrong`)
})

t.test('whoever has signed in just now sets a first password, which ends their other sessions', async (t) => {
  const node = await startNode(t)
  const laptop = await person(node, 'alice')
  const alice = await withoutPassword(node, 'alice')

  t.equal((await alice.patch('/auth/user', { password })).status, 200)

  t.equal((await laptop.get('/auth/user')).status, 401)
  t.equal((await alice.get('/auth/user')).status, 200)
  t.equal((await stranger(node).post('/auth/login', { username: 'alice', password })).status, 200)
  t.match(await alice.patch('/auth/user', { password: 'another one' }), { status: 400, body: { error: { details: [{ path: '/currentPassword' }] } } }, 'the next needs the first')
})

t.test('whoever signed in longer ago signs in again first', async (t) => {
  const node = await startNode(t)
  const alice = await withoutPassword(node, 'alice')
  await age(node, alice, 9)
  t.match(await alice.patch('/auth/user', { displayName: 'Alice' }), { status: 200 })
  await age(node, alice, 2)

  for (const body of [{ password }, { password, currentPassword: alice.password }]) {
    t.match(await alice.patch('/auth/user', body), { status: 403, body: { error: { code: 'request.forbidden', message: /Sign in again/ } } })
  }
  t.equal((await stranger(node).post('/auth/login', { username: 'alice', password })).status, 401)
})

t.test('of two devices that set a first password at the same moment, one does', async (t) => {
  const node = await startNode(t)
  const { database: { sql }, domain } = node.app
  const devices = [await person(node, 'alice'), await withoutPassword(node, 'alice')]
  const passwords = createPasswords({ relaxed: true })
  let arrived = 0
  let letGo = () => {}
  const both = new Promise<void>((resolve) => { letGo = resolve })
  const accounts = createAccounts({
    sql,
    sessions: domain.sessions,
    letters: createLetters({ sql, mailer: null }),
    countEmailChange: async () => {},
    // Each has seen that there is none before either sets one.
    passwords: { ...passwords, hash: async (text, from) => { if (++arrived === 2) letGo(); await both; return await passwords.hash(text, from) } }
  })

  const outcomes = await Promise.allSettled(devices.map(async ({ id, jar }, index) => {
    const sessionId = (await node.app.readSession(jar.header))?.session.id ?? ''
    return await accounts.change({ userId: id, sessionId }, { password: `password ${index}` }, { signedInAt: Date.now(), from: 'here' })
  }))

  t.same(outcomes.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected'])
  const winner = outcomes.findIndex(({ status }) => status === 'fulfilled')
  t.match(outcomes[1 - winner], { reason: { code: 'session.invalid_credentials' } })
  t.equal((await stranger(node).post('/auth/login', { username: 'alice', password: `password ${winner}` })).status, 200)
})

t.test('a link for recovery gives it a password as well', async (t) => {
  const mailbox = await startMailbox(t)
  const node = await startNode(t, mailbox.settings)
  const alice = await withoutPassword(node, 'alice')
  await verifyEmail(alice, 'alice@example.com', mailbox)
  const token = await askForToken(alice, 'alice@example.com', mailbox)

  t.equal((await stranger(node).post('/auth/recovery/confirm', { token, password })).status, 204)

  t.equal((await stranger(node).post('/auth/login', { username: 'alice', password })).status, 200)
})
