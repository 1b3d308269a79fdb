import { createAccounts } from '../../domain/accounts.ts'
import { createLetters } from '../../domain/letters.ts'
import { createPasswords } from '../../domain/passwords.ts'
import { startNode, startNodes } from '../helpers/node.ts'
import { person, stranger } from '../helpers/person.ts'
import { t } from '../suite.ts'

/** Something to wait at until it is opened. */
function createGate () {
  let open = () => {}
  const opened = new Promise<void>((resolve) => { open = resolve })
  return { opened, open: () => { open() } }
}

t.test('what I change of myself is what I and others see', async (t) => {
  const node = await startNode(t)
  const [alice, bob] = [await person(node, 'alice'), await person(node, 'bob')]

  const { status, body } = await alice.patch('/auth/user', { displayName: ' Alice L. ', email: 'alice@example.com' })

  t.equal(status, 200)
  t.same(body, { user: { ...alice.user, displayName: 'Alice L.', email: 'alice@example.com' } })
  t.same((await alice.get('/auth/user')).body.user, body.user)
  t.same((await bob.get(`/users/${alice.id}`)).body.user, { id: alice.id, username: 'alice', displayName: 'Alice L.' })
  t.same((await alice.patch('/auth/user', {})).body, body, 'nothing to change is no mistake')
  t.same((await alice.patch('/auth/user', { email: null })).body.user, { ...body.user, email: null })
})

t.test('a change that does not fit is refused, and changes nothing', async (t) => {
  const node = await startNode(t)
  const alice = await person(node, 'alice')
  for (const [field, change] of [
    ['/displayName', { displayName: '', email: 'alice@example.com' }],
    ['/displayName', { displayName: null }],
    ['/email', { email: 'nowhere', displayName: 'Mallory' }],
    ['/username', { username: 'mallory' }],
    ['/password', { password: 'short', currentPassword: alice.password }],
    ['/currentPassword', { password: 'long enough', displayName: 'Mallory' }],
    ['/currentPassword', { password: 'long enough', currentPassword: null }]
  ] as const) {
    const { status, body } = await alice.patch('/auth/user', change)
    t.equal(status, 400, JSON.stringify(change))
    t.same(new Set(body.error.details?.map(({ path }) => path)), new Set([field]))
  }
  const wrong = await alice.patch('/auth/user', { password: 'long enough', currentPassword: 'wrong', displayName: 'Mallory' })
  t.equal(wrong.status, 401)
  t.equal(wrong.body.error.code, 'session.invalid_credentials')
  t.same((await alice.get('/auth/user')).body.user, alice.user)
})

t.test('S1: a new password ends every other session on every node, and the old password is no more', async (t) => {
  const [here, there] = await startNodes(t, 2)
  const alice = await person(here, 'alice')
  const phone = (await person(here, 'alice')).at(there)
  const bob = await person(there, 'bob')
  const password = 'something quite different'

  t.equal((await alice.patch('/auth/user', { password, currentPassword: alice.password })).status, 200)

  t.equal((await phone.get('/auth/user')).body.error.code, 'session.required')
  t.equal((await alice.get('/auth/user')).status, 200)
  t.equal((await alice.get('/auth/sessions')).body.sessions.length, 1)
  t.equal((await bob.get('/auth/user')).status, 200)
  t.equal((await stranger(there).post('/auth/login', { username: 'alice', password: alice.password })).status, 401)
  t.equal((await stranger(there).post('/auth/login', { username: 'alice', password })).status, 200)
})

t.test('a login with the old password that is under way while it changes does not get in', async (t) => {
  const [here, there] = await startNodes(t, 2)
  const alice = await person(here, 'alice')
  const mallory = stranger(there)
  // Holds mallory's login between its proof and its session.
  const { sessions } = there.app.domain
  const begin = sessions.begin
  const proved = createGate()
  const held = createGate()
  sessions.begin = async (session) => {
    proved.open()
    await held.opened
    return await begin(session)
  }
  const login = mallory.post('/auth/login', { username: 'alice', password: alice.password })
  await proved.opened

  t.equal((await alice.patch('/auth/user', { password: 'a new password', currentPassword: alice.password })).status, 200)
  held.open()
  await login

  t.equal((await mallory.get('/auth/user')).status, 401)
  t.equal(await here.app.readSession(mallory.jar.header), null, 'nor by a socket')
  t.equal((await alice.get('/auth/sessions')).body.sessions.length, 1)
})

t.test('of two who change one password at the same moment, one does', async (t) => {
  const node = await startNode(t)
  const alice = await person(node, 'alice')
  const phone = await person(node, 'alice')

  const answers = await Promise.all([alice, phone].map((device) =>
    device.patch('/auth/user', { password: 'a new password', currentPassword: alice.password })))

  t.same(answers.map(({ status }) => status).sort(), [200, 401])
})

t.test('an account that is gone has no sessions either', async (t) => {
  const node = await startNode(t)
  const alice = await person(node, 'alice')

  await node.app.database.sql`delete from users where id = ${alice.id}`

  t.equal((await alice.get('/auth/user')).body.error.code, 'session.required')
  t.equal(await node.app.readSession(alice.jar.header), null)
})

t.test('an account takes its passwords from where it is told to', async (t) => {
  const { app } = await startNode(t)
  const verified: Array<string | null> = []
  const passwords = createPasswords({ relaxed: true })
  const accounts = createAccounts({
    sql: app.database.sql,
    sessions: app.domain.sessions,
    letters: createLetters({ sql: app.database.sql, mailer: null }),
    countEmailChange: async () => {},
    passwords: { ...passwords, verify: (password, encoded, from) => { verified.push(encoded); return passwords.verify(password, encoded, from) } }
  })
  t.equal(await accounts.verifyCredentials('nobody', 'a password', 'here'), null)
  t.same(verified, [null], 'for somebody unknown a password is verified too')
})
