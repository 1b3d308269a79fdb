import { startNodes, type TestNode } from '../helpers/node.ts'
import { person, stranger } from '../helpers/person.ts'
import type { Ending } from '../helpers/stores.ts'
import { t } from '../suite.ts'
import { startMailbox, tokenOf } from './mailbox.ts'
import { askForToken, verifyEmail } from './world.ts'

const password = 'something quite different'
const email = 'alice@example.com'

/** The code of the refusal, or the status of a success. */
async function recover (node: TestNode, token: string, newPassword = password): Promise<string | number> {
  const { status, body } = await stranger(node).post('/auth/recovery/confirm', { token, password: newPassword })
  return body.error?.code ?? status
}

async function signIn (node: TestNode, newPassword: string): Promise<number> {
  return (await stranger(node).post('/auth/login', { username: 'alice', password: newPassword })).status
}

async function world (test: Ending) {
  const mailbox = await startMailbox(test)
  const [here, there] = await startNodes(test, 2, mailbox.settings)
  const alice = await person(here, 'alice')
  await verifyEmail(alice, email, mailbox)
  return { mailbox, here, there, alice, sql: here.app.database.sql }
}

t.test('of many who use one link at the same moment on two nodes, one does', async (t) => {
  const { mailbox, here, there, alice } = await world(t)

  for (const round of [1, 2, 3, 4, 5]) {
    const token = await askForToken(alice, email, mailbox)
    const tries = [here, there, here, there].map((node, index) => ({ node, password: `password ${round} ${index}` }))
    const answers = await Promise.all(tries.map((attempt) => recover(attempt.node, token, attempt.password)))

    t.same(answers.toSorted(), [204, 'link.not_found', 'link.not_found', 'link.not_found'])
    const logins = await Promise.all(tries.map((attempt) => signIn(attempt.node, attempt.password)))
    t.same(logins.map((status) => status === 200), answers.map((answer) => answer === 204), 'the password is that of the one who was told so')
  }
})

t.test('of many who verify by one link at the same moment, one does', async (t) => {
  const { mailbox, here, there, alice } = await world(t)
  await alice.patch('/auth/user', { email: 'other@example.com' })
  const token = tokenOf((await mailbox.next('other@example.com')).raw, 'verification')

  const answers = await Promise.all([here, there, here, there].map((node) => stranger(node).post('/auth/email/verification/confirm', { token })))

  t.same(answers.map(({ status }) => status).toSorted(), [204, 404, 404, 404])
})

t.test('the newest link wins, also of those made at the same moment', async (t) => {
  const { mailbox, here, there, alice, sql } = await world(t)
  const first = await askForToken(alice, email, mailbox)
  const second = await askForToken(alice, email, mailbox)

  t.equal(await recover(here, first), 'link.not_found')
  t.equal(await recover(here, second), 204)

  await Promise.all([here, there, here, there].map((node) => stranger(node).post('/auth/recovery', { username: 'alice' })))
  const tokens = []
  for (let count = 0; count < 4; count++) tokens.push(tokenOf((await mailbox.next(email)).raw, 'recovery'))
  t.equal((await sql`select from mailed_links where purpose = 'recovery'`).length, 1)
  const answers = []
  for (const token of tokens) answers.push(await recover(there, token))
  t.same(answers.toSorted(), [204, 'link.not_found', 'link.not_found', 'link.not_found'])
})

t.test('a link works for an hour, or for three days, and not longer', async (t) => {
  const { mailbox, here, alice, sql } = await world(t)
  const left = async (purpose: string) => {
    const [row] = await sql<Array<{ left: number }>>`
      select extract(epoch from expires_at - now())::float8 as left from mailed_links where purpose = ${purpose}`
    return row?.left ?? 0
  }
  const recovery = await askForToken(alice, email, mailbox)
  const recoveryLeft = await left('recovery')
  t.ok(recoveryLeft > 3500 && recoveryLeft <= 3600, String(recoveryLeft))
  await alice.patch('/auth/user', { email: 'other@example.com' })
  const verification = tokenOf((await mailbox.next('other@example.com')).raw, 'verification')
  const verificationLeft = await left('verification')
  t.ok(verificationLeft > 259_100 && verificationLeft <= 259_200, String(verificationLeft))

  await sql`update mailed_links set expires_at = now()`

  t.equal(await recover(here, recovery), 'link.not_found')
  t.equal((await alice.post('/auth/email/verification/confirm', { token: verification })).body.error.code, 'link.not_found')
  t.equal(await signIn(here, alice.password), 200)
})

t.test('expired links are swept by whoever makes one', async (t) => {
  const { mailbox, here, alice, sql } = await world(t)
  const bob = await person(here, 'bob')
  await verifyEmail(bob, 'bob@example.com', mailbox)
  await askForToken(bob, 'bob@example.com', mailbox)
  await sql`update mailed_links set expires_at = now() where user_id = ${bob.id}`

  await askForToken(alice, email, mailbox)

  t.same((await sql<Array<{ userId: string }>>`select user_id as "userId" from mailed_links`).map(({ userId }) => userId), [alice.id])
})

t.test('a link is good for what it was made for', async (t) => {
  const { mailbox, here, alice } = await world(t)
  await alice.patch('/auth/user', { email: 'other@example.com' })
  const verification = tokenOf((await mailbox.next('other@example.com')).raw, 'verification')

  t.equal(await recover(here, verification), 'link.not_found')
  t.equal((await alice.post('/auth/email/verification/confirm', { token: verification })).status, 204, 'and is not used up by the mistake')
  const recovery = await askForToken(alice, 'other@example.com', mailbox)
  t.equal((await alice.post('/auth/email/verification/confirm', { token: recovery })).body.error.code, 'link.not_found')
  t.equal(await recover(here, recovery), 204)
})

t.test('a password that does not fit uses no link up', async (t) => {
  const { mailbox, here, alice } = await world(t)
  const token = await askForToken(alice, email, mailbox)

  t.equal(await recover(here, token, 'short'), 'request.invalid')
  t.equal(await recover(here, token), 204)
})

t.test('another email kills the links to the old one, is yet to be verified, and the old one is told', async (t) => {
  const { mailbox, here, alice } = await world(t)
  const token = await askForToken(alice, email, mailbox)

  const { body: { user } } = await alice.patch('/auth/user', { email: 'other@example.com' })

  t.match(user, { email: 'other@example.com', emailVerified: false })
  t.equal(await recover(here, token), 'link.not_found')
  const notice = await mailbox.next(email)
  t.equal(notice.subject, 'Another address for alice')
  t.notMatch(notice.raw, 'other@example.com')

  const verification = tokenOf((await mailbox.next('other@example.com')).raw, 'verification')
  t.match((await alice.patch('/auth/user', { email: null })).body.user, { email: null, emailVerified: false })
  t.equal((await alice.post('/auth/email/verification/confirm', { token: verification })).body.error.code, 'link.not_found')
})

t.test('the same email in other letters stays verified, and links to it work on', async (t) => {
  const { mailbox, here, alice } = await world(t)
  const token = await askForToken(alice, email, mailbox)

  t.match((await alice.patch('/auth/user', { email: 'ALICE@Example.com', displayName: 'Alice' })).body.user, { email: 'ALICE@Example.com', emailVerified: true })

  t.equal(await recover(here, token), 204)
})

t.test('a new password kills links for recovery; other changes and ends of sessions do not', async (t) => {
  const { mailbox, here, alice } = await world(t)
  const token = await askForToken(alice, email, mailbox)
  await alice.patch('/auth/user', { displayName: 'Alice' })
  await alice.delete('/auth/sessions')
  await alice.patch('/auth/user', { password, currentPassword: 'wrong' })
  t.equal(await recover(here, token), 204)

  const again = await person(here, 'bob')
  await verifyEmail(again, 'bob@example.com', mailbox)
  const bobs = await askForToken(again, 'bob@example.com', mailbox)
  t.equal((await again.patch('/auth/user', { password, currentPassword: again.password })).status, 200)
  t.equal(await recover(here, bobs), 'link.not_found')
})

t.test('of a recovery and a change of the email at the same moment, no link survives, and neither fails', async (t) => {
  const { mailbox, here, there, alice } = await world(t)
  const token = await askForToken(alice, email, mailbox)

  const [recovered, changed] = await Promise.all([
    recover(there, token), alice.patch('/auth/user', { email: 'other@example.com' })
  ])

  t.ok([204, 'link.not_found'].includes(recovered), String(recovered))
  t.ok([200, 401].includes(changed.status), String(changed.status))
  t.equal(await recover(here, token), 'link.not_found')
})

t.test('what is kept of a link does not tell it', async (t) => {
  const { mailbox, alice, sql } = await world(t)
  const token = await askForToken(alice, email, mailbox)

  const [row] = await sql<Array<{ kept: string }>>`select token_hash as kept from mailed_links where purpose = 'recovery'`
  t.match(row?.kept, /^[0-9a-f]{64}$/)
  t.not(row?.kept, token)
})
