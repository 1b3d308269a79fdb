import { createHash } from 'node:crypto'
import { createParley } from '../../sdk/index.ts'
import { startNodes } from '../helpers/node.ts'
import { person, stranger } from '../helpers/person.ts'
import { t } from '../suite.ts'
import { startMailbox, tokenOf } from './mailbox.ts'
import { askForToken, verifyEmail } from './world.ts'

const password = 'something quite different'

t.test('a new account with an email is sent a link that proves it', async (t) => {
  const mailbox = await startMailbox(t)
  const [here, there] = await startNodes(t, 2, mailbox.settings)
  const alice = { username: 'alice', password, email: 'Alice@example.com' }

  const { body: { user } } = await stranger(here).post('/auth/register', alice)
  t.match(user, { email: 'Alice@example.com', emailVerified: false })
  const mail = await mailbox.next('Alice@example.com')

  t.equal(mail.from, 'Parley <parley@example.com>')
  t.equal(mail.subject, 'Is this the address of alice?')
  t.match(mail.raw, /the account alice on chat\.example\.com/)
  t.match(mail.raw, `<a href="https://chat.example.com/parley#/verification/${tokenOf(mail.raw, 'verification')}">`)
  t.match(mail.raw, /^Auto-Submitted: auto-generated/m)

  const token = tokenOf(mail.raw, 'verification')
  t.equal((await stranger(there).post('/auth/email/verification/confirm', { token })).status, 204)
  const signedIn = await stranger(here).post('/auth/login', { username: 'alice', password })
  t.match(signedIn.body.user, { email: 'Alice@example.com', emailVerified: true })
  t.match(await stranger(here).post('/auth/email/verification/confirm', { token }), { status: 404, body: { error: { code: 'link.not_found' } } })
})

t.test('S1: whoever has forgotten the password sets another by a link; every session ends, with its sockets, on every node', async (t) => {
  const mailbox = await startMailbox(t)
  const [here, there] = await startNodes(t, 2, mailbox.settings)
  const [alice, phone, bob] = [await person(here, 'alice'), await person(there, 'alice'), await person(here, 'bob')]
  await verifyEmail(alice, 'alice@example.com', mailbox)
  const sockets = [await alice.connect(), await alice.at(there).connect(), await phone.connect(), await phone.at(here).connect()]
  const bobSocket = await bob.connect()

  t.equal((await stranger(there).post('/auth/recovery', { email: 'ALICE@example.com' })).status, 204)
  const mail = await mailbox.next('alice@example.com')
  t.equal(mail.subject, 'A new password for alice')
  const answer = await stranger(there).post('/auth/recovery/confirm', { token: tokenOf(mail.raw, 'recovery'), password })

  t.equal(answer.status, 204)
  t.same(answer.headers.getSetCookie(), [], 'nobody is signed in by it')
  for (const socket of sockets) {
    t.same(await socket.next('session:ended'), { reason: 'password_changed' })
    t.equal(await socket.next('disconnect'), 'io server disconnect')
  }
  for (const device of [alice, phone]) t.equal((await device.get('/auth/user')).body.error.code, 'session.required')
  t.same(await bobSocket.do('room:sync', { rooms: [] }), { rooms: [] }, 'nobody else is signed out')
  t.equal((await stranger(here).post('/auth/login', { username: 'alice', password: alice.password })).status, 401)
  const again = await stranger(here).post('/auth/login', { username: 'alice', password })
  t.match(again.body.user, { username: 'alice', emailVerified: true })
})

t.test('whoever recovers somewhere is let in there, whatever passwords others try elsewhere', async (t) => {
  const mailbox = await startMailbox(t)
  const [node] = await startNodes(t, 1, { ...mailbox.settings, LIMITS: 'standard', TRUST_PROXY: 'loopback' })
  const alice = await person(node, 'alice')
  await verifyEmail(alice, 'alice@example.com', mailbox)
  const token = await askForToken(alice, 'alice@example.com', mailbox)
  const ask = (path: string, body: unknown) => stranger(node).request('POST', path, { body, headers: { 'x-forwarded-for': '203.0.113.7' } })
  // As if a hundred had been wrong.
  const { commands, name } = node.app.redis
  const account = createHash('sha256').update('alice').digest('base64url')
  await commands.set(name('rate', 'login-anywhere', account), '100', 'EX', 3600)

  t.equal((await ask('/auth/login', { username: 'alice', password: alice.password })).status, 429)
  t.equal((await ask('/auth/recovery/confirm', { token, password })).status, 204)
  t.equal((await ask('/auth/login', { username: 'alice', password })).status, 200)
})

t.test('a login with the forgotten password that is under way does not get in', async (t) => {
  const mailbox = await startMailbox(t)
  const [here, there] = await startNodes(t, 2, mailbox.settings)
  const alice = await person(here, 'alice')
  await verifyEmail(alice, 'alice@example.com', mailbox)
  const token = await askForToken(alice, 'alice@example.com', mailbox)
  const mallory = stranger(there)
  const { sessions } = there.app.domain
  const begin = sessions.begin
  // The proof is given, the session not yet begun: alice recovers in between.
  sessions.begin = async (session) => {
    t.equal((await stranger(here).post('/auth/recovery/confirm', { token, password })).status, 204)
    return await begin(session)
  }

  await mallory.post('/auth/login', { username: 'alice', password: alice.password })

  t.equal((await mallory.get('/auth/user')).body.error.code, 'session.required')
})

t.test('a link for verification is sent again when it is asked for, and not when there is nothing to prove', async (t) => {
  const mailbox = await startMailbox(t)
  const [node] = await startNodes(t, 1, mailbox.settings)
  const alice = await person(node, 'alice')

  t.match(await alice.post('/auth/email/verification'), { status: 403, body: { error: { code: 'request.forbidden' } } })
  await alice.patch('/auth/user', { email: 'alice@example.com' })
  const first = tokenOf((await mailbox.next('alice@example.com')).raw, 'verification')
  t.equal((await alice.post('/auth/email/verification')).status, 204)
  const second = tokenOf((await mailbox.next('alice@example.com')).raw, 'verification')

  t.equal((await alice.post('/auth/email/verification/confirm', { token: first })).body.error.code, 'link.not_found', 'the newest wins')
  t.equal((await alice.post('/auth/email/verification/confirm', { token: second })).status, 204)
  t.equal((await alice.post('/auth/email/verification')).status, 204, 'to ask once more is no mistake')
  await alice.patch('/auth/user', { email: 'fence@example.com' })
  await mailbox.next('fence@example.com')
  t.same(mailbox.recipients, ['alice@example.com', 'alice@example.com', 'alice@example.com', 'fence@example.com'], 'the third tells that it was given up')
})

t.test('whoever wants to know by which account is sent a link for each, up to five', async (t) => {
  const mailbox = await startMailbox(t)
  const [node] = await startNodes(t, 1, mailbox.settings)
  const names = ['alice', 'alice-2', 'alice-3', 'alice-4', 'alice-5', 'alice-6']
  for (const name of names) await verifyEmail(await person(node, name), 'all@example.com', mailbox)
  await stranger(node).post('/auth/register', { username: 'mallory', password, email: 'all@example.com' })
  await mailbox.next('all@example.com')

  await stranger(node).post('/auth/recovery', { email: 'all@example.com' })
  const subjects = []
  for (let count = 0; count < 5; count++) subjects.push((await mailbox.next('all@example.com')).subject)
  await stranger(node).post('/auth/register', { username: 'fence', password, email: 'fence@example.com' })
  await mailbox.next('fence@example.com')

  t.same(subjects.toSorted(), names.slice(0, 5).map((name) => `A new password for ${name}`))
  t.equal(mailbox.recipients.length, 6 + 1 + 5 + 1, 'and no more')
})

t.test('the SDK recovers an account without a session', async (t) => {
  const mailbox = await startMailbox(t)
  const [node] = await startNodes(t, 1, mailbox.settings)
  const alice = await person(node, 'alice')
  await verifyEmail(alice, 'alice@example.com', mailbox)
  const parley = createParley({ url: node.url })
  t.teardown(() => parley.close())

  t.equal(await parley.call('requestRecovery', { body: { username: 'Alice' } }), null)
  const token = tokenOf((await mailbox.next('alice@example.com')).raw, 'recovery')
  t.equal(await parley.call('confirmRecovery', { body: { token, password } }), null)

  await t.rejects(parley.call('confirmRecovery', { body: { token, password } }), { code: 'link.not_found' })
  t.match(await parley.signIn({ username: 'alice', password }), { username: 'alice', emailVerified: true })
})
