import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { findFreePort } from '../../cluster/ports.ts'
import { startLoggingNode } from '../helpers/logging-node.ts'
import { startNode } from '../helpers/node.ts'
import { person, stranger } from '../helpers/person.ts'
import { t } from '../suite.ts'
import { smtpPassword, startMailbox, tokenOf } from './mailbox.ts'
import { isSigned, startWebhook, webhookSecret } from './webhook.ts'
import { askForToken, verifyEmail } from './world.ts'

const password = 'something quite different'
const failed = 'a letter could not be sent'

async function countLetters (url: string): Promise<string[]> {
  const metrics = await (await fetch(`${url}/metrics`)).text()
  return metrics.split('\n').filter((line) => line.startsWith('parley_letters_total')).map((line) => line.replace(/^.*kind="(\w+)",outcome="(\w+)".* (\d+)$/, '$1 $2 $3'))
}

t.test('by a webhook: every letter is posted and signed, and its link works', async (t) => {
  const webhook = await startWebhook(t)
  const node = await startNode(t, webhook.settings)
  const alice = await person(node, 'alice')

  await alice.patch('/auth/user', { email: 'alice@example.com' })
  const verification = await webhook.next()
  t.equal((await alice.post('/auth/email/verification/confirm', { token: tokenOf(verification.body.link, 'verification') })).status, 204)
  await stranger(node).post('/auth/recovery', { username: 'alice' })
  const recovery = await webhook.next()

  t.equal(recovery.path, '/letters?for=parley')
  t.match(recovery.headers, { 'content-type': 'application/json', 'webhook-id': /^[0-9a-f-]{36}$/ })
  t.match(recovery.body, { kind: 'recovery', to: 'alice@example.com', username: 'alice', link: /^https:\/\/chat\.example\.com\/#\/recovery\/[\w-]{43}$/ })
  t.ok(Date.parse(recovery.body.expiresAt) > Date.now() + 3_000_000)
  t.ok(isSigned(recovery))
  t.notOk(isSigned(recovery, 'another secret'))
  t.notOk(isSigned({ ...recovery, raw: recovery.raw.replace('alice', 'mallory') }))
  t.equal((await stranger(node).post('/auth/recovery/confirm', { token: tokenOf(recovery.body.link, 'recovery'), password })).status, 204)

  await alice.post('/auth/login', { username: 'alice', password })
  await alice.patch('/auth/user', { email: null })
  t.same((await webhook.next()).body, { kind: 'email_changed', to: 'alice@example.com', username: 'alice' })
})

t.test('a secret that begins with whsec_ is base64, as the libraries of receivers have it', async (t) => {
  const webhook = await startWebhook(t)
  const key = randomBytes(32)
  const node = await startNode(t, { ...webhook.settings, MAIL_WEBHOOK_SECRET: `whsec_${key.toString('base64')}` })
  await stranger(node).post('/auth/register', { username: 'alice', password, email: 'alice@example.com' })
  t.ok(isSigned(await webhook.next(), key))
})

t.test('a webhook that fails for a moment is tried again, three times in all, with the same id', async (t) => {
  const webhook = await startWebhook(t, [500, 503])
  const node = await startNode(t, webhook.settings)
  const alice = await person(node, 'alice')

  await alice.patch('/auth/user', { email: 'alice@example.com' })
  const posts = [await webhook.next(), await webhook.next(), await webhook.next()]

  t.equal(new Set(posts.map(({ headers }) => headers['webhook-id'])).size, 1)
  t.equal(new Set(posts.map(({ raw }) => raw)).size, 1)
  for (const post of posts) t.ok(isSigned(post))
})

t.test('a webhook that goes on failing, refuses or sends us elsewhere is given up, with one line that holds no token', async (t) => {
  const webhook = await startWebhook(t, [500, 500, 500, 400, 307])
  const node = await startLoggingNode(t, webhook.settings)
  const alice = await person(node, 'alice')

  for (const [status, tries] of [[500, 3], [400, 1], [307, 1]] as const) {
    const before = webhook.posts.length
    await alice.patch('/auth/user', { email: `alice-${status}@example.com` })
    t.match(await node.logged(failed), { level: 50, kind: 'verification', username: 'alice', reason: `the webhook answered ${status}` })
    t.equal(webhook.posts.length - before, tries)
  }

  t.equal(node.log().split(failed).length - 1, 3)
  for (const { body } of webhook.posts) t.notOk(node.log().includes(tokenOf(body.link, 'verification')))
  t.notOk(node.log().includes(webhookSecret))
  t.same(await countLetters(node.url), ['verification failed 3'])
})

t.test('an SMTP server that is not there: everybody is answered, one line says so, the node lives', async (t) => {
  const port = await findFreePort()
  const node = await startLoggingNode(t, {
    MAIL_URL: `smtp://parley:${encodeURIComponent(smtpPassword)}@127.0.0.1:${port}`, MAIL_FROM: 'parley@example.com', PUBLIC_URL: 'https://chat.example.com'
  })

  const { status } = await stranger(node).post('/auth/register', { username: 'alice', password, email: 'alice@example.com' })

  t.equal(status, 201)
  t.match(await node.logged(failed), { kind: 'verification', username: 'alice', reason: `connect ECONNREFUSED 127.0.0.1:${port}` })
  t.equal(node.log().split(failed).length - 1, 1)
  t.equal((await fetch(`${node.url}/readyz`)).status, 200)
  t.same(await countLetters(node.url), ['verification failed 1'])
})

t.test('an SMTP server that never answers holds nobody up, and a node that stops gives it up', async (t) => {
  const sockets = new Set<Socket>()
  const silent = createServer((socket) => { sockets.add(socket.on('error', () => {})) }).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    silent.close()
  })
  const { port } = silent.address() as AddressInfo
  const node = await startLoggingNode(t, { MAIL_URL: `smtp://127.0.0.1:${port}`, MAIL_FROM: 'parley@example.com', PUBLIC_URL: 'https://chat.example.com' })
  const connected = once(silent, 'connection')

  t.equal((await stranger(node).post('/auth/register', { username: 'alice', password, email: 'alice@example.com' })).status, 201)
  await connected
  const begun = Date.now()
  await node.close()

  t.ok(Date.now() - begun < 8000, `closing took ${Date.now() - begun} ms`)
  t.match(await node.logged(failed), { kind: 'verification', reason: /stops|aborted/ })
})

t.test('a node that stops sends first what is under way', async (t) => {
  const mailbox = await startMailbox(t)
  const node = await startNode(t, mailbox.settings)

  await stranger(node).post('/auth/register', { username: 'alice', password, email: 'alice@example.com' })
  await node.close()

  t.same(mailbox.recipients, ['alice@example.com'])
})

t.test('nobody fills a mailbox through us: letters of one kind to one address are few in an hour', async (t) => {
  const mailbox = await startMailbox(t)
  const node = await startLoggingNode(t, { ...mailbox.settings, LIMITS: 'standard' })
  const alice = await person(node, 'alice')
  await verifyEmail(alice, 'alice@example.com', mailbox)

  // Past the limit by address, as somebody would be who has many.
  for (let count = 0; count < 7; count++) await node.app.domain.recovery.request({ email: 'Alice@example.com' })
  t.match(await node.logged('a letter was dropped; while this goes on, it is said only now and then'), { kind: 'recovery', reason: 'too many of its kind to one address' })
  // All of them before the address is given up: a letter that still waits then is not written any more.
  for (let count = 0; count < 5; count++) t.equal((await mailbox.next('alice@example.com')).subject, 'A new password for alice')
  await alice.patch('/auth/user', { email: 'fence@example.com' })
  await mailbox.next('fence@example.com')
  t.equal((await mailbox.next('alice@example.com')).subject, 'Another address for alice')

  t.equal(mailbox.recipients.length, 1 + 5 + 2)
  t.same((await countLetters(node.url)).toSorted(), ['email_changed sent 1', 'recovery dropped 2', 'recovery sent 5', 'verification sent 2'])
})

t.test('scenario 29: nothing secret is logged, however much is', async (t) => {
  const mailbox = await startMailbox(t)
  const node = await startLoggingNode(t, mailbox.settings)
  const alice = await person(node, 'alice')
  await verifyEmail(alice, 'alice@example.com', mailbox)
  const token = await askForToken(alice, 'alice@example.com', mailbox)

  for (const body of [{ token, password: 'short' }, `{"token":"${token}`, { token, password }, { token, password }, { token: `${token}x`, password }]) {
    await stranger(node).post('/auth/recovery/confirm', body)
  }
  await stranger(node).post('/auth/email/verification/confirm', { token })

  t.match(node.log(), /request completed/, 'something is logged')
  for (const secret of [token, password, smtpPassword, encodeURIComponent(smtpPassword), 'scrypt']) t.notOk(node.log().includes(secret), secret)
})

t.test('a password goes over a network only inside TLS, unless the operator says otherwise', async (t) => {
  const mailbox = await startMailbox(t, { hasTls: false })
  // The same place under an address that is not known to be this machine's own.
  const abroad = mailbox.settings.MAIL_URL.replace('127.0.0.1', '0.0.0.0')
  const careful = await startLoggingNode(t, { ...mailbox.settings, MAIL_URL: abroad })
  const careless = await startNode(t, { ...mailbox.settings, MAIL_URL: `${abroad}&requireTLS=false` })

  await stranger(careful).post('/auth/register', { username: 'alice', password, email: 'alice@example.com' })
  t.match(await careful.logged(failed), { reason: /STARTTLS/ })
  await stranger(careless).post('/auth/register', { username: 'bob', password, email: 'bob@example.com' })
  await mailbox.next('bob@example.com')

  t.same(mailbox.recipients, ['bob@example.com'])
})

t.test('a server that repeats what it refuses does not bring a link into the log', async (t) => {
  const mailbox = await startMailbox(t, { refuses: true })
  const node = await startLoggingNode(t, mailbox.settings)

  await stranger(node).post('/auth/register', { username: 'alice', password, email: 'alice@example.com' })

  const { reason } = await node.logged(failed)
  t.match(reason, /554 I take no .*#\/verification\/\*\*\* /)
  t.notMatch(node.log(), /verification\/[\w-]{43}/)
})

t.test('a wrong SMTP password is said without showing it, and not tried again', async (t) => {
  const mailbox = await startMailbox(t)
  const wrong = mailbox.settings.MAIL_URL.replace(encodeURIComponent(smtpPassword), 'geheim')
  const node = await startLoggingNode(t, { ...mailbox.settings, MAIL_URL: wrong })

  await stranger(node).post('/auth/register', { username: 'alice', password, email: 'alice@example.com' })

  t.match(await node.logged(failed), { reason: /^Invalid login: 535/ })
  t.notOk(node.log().includes('geheim'))
})
