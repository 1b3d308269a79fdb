import { startNode } from '../helpers/node.ts'
import { person, stranger } from '../helpers/person.ts'
import { t } from '../suite.ts'
import { startMailbox } from './mailbox.ts'
import { verifyEmail } from './world.ts'

const password = 'something quite different'

t.test('what is answered does not tell who has an account, or a verified address; mail goes to those only', async (t) => {
  const mailbox = await startMailbox(t)
  const node = await startNode(t, mailbox.settings)
  const alice = await person(node, 'alice')
  await verifyEmail(alice, 'alice@example.com', mailbox)
  await stranger(node).post('/auth/register', { username: 'bob', password, email: 'bob@example.com' })
  await mailbox.next('bob@example.com')
  await person(node, 'carol')
  const before = mailbox.recipients.length

  const asked = [
    { username: 'nobody' }, { username: 'bob' }, { username: 'carol' }, { username: '' }, { username: 'no name at all' },
    { email: 'nobody@example.com' }, { email: 'bob@example.com' }, { email: 'alice@example.org' }, { username: 'alice' }
  ]
  const answers = []
  for (const body of asked) answers.push(await stranger(node).post('/auth/recovery', body))

  const shapes = answers.map(({ status, body, headers }) =>
    ({ status, body, headers: [...headers.keys()].filter((name) => !/^(date|x-ratelimit-.*)$/.test(name)) }))
  for (const shape of shapes) t.same(shape, shapes[0])
  t.equal(shapes[0]?.status, 204)
  // Letters leave in turn: when the last that was asked for is there, no other is on its way before it.
  await mailbox.next('alice@example.com')
  await alice.patch('/auth/user', { email: 'fence@example.com' })
  await mailbox.next('fence@example.com')
  t.same(mailbox.recipients.slice(before).filter((to) => to !== 'fence@example.com'), ['alice@example.com', 'alice@example.com'], 'the link, and that the address was given up')
})

t.test('an answer does not wait for what only somebody with an account causes', async (t) => {
  const mailbox = await startMailbox(t)
  const node = await startNode(t, mailbox.settings)
  const alice = await person(node, 'alice')
  await verifyEmail(alice, 'alice@example.com', mailbox)
  // Nobody can make a link while this lasts.
  const { sql } = node.app.database
  let release = () => {}
  const held = new Promise<void>((resolve) => { release = resolve })
  let locked = () => {}
  const isLocked = new Promise<void>((resolve) => { locked = resolve })
  const holding = sql.begin(async (sql) => {
    await sql`lock table mailed_links in access exclusive mode`
    locked()
    await held
  })
  await isLocked

  t.equal((await stranger(node).post('/auth/recovery', { username: 'alice' })).status, 204)

  release()
  await holding
  await mailbox.next('alice@example.com')
})

t.test('one of the two is needed', async (t) => {
  const mailbox = await startMailbox(t)
  const node = await startNode(t, mailbox.settings)
  for (const body of [{}, { username: 'alice', email: 'alice@example.com' }]) {
    const answer = await stranger(node).post('/auth/recovery', body)
    t.match(answer, { status: 400, body: { error: { code: 'request.invalid', details: [{ path: '/username' }] } } })
  }
})

t.test('without mail there is no recovery by it, and everything else goes on', async (t) => {
  const node = await startNode(t)
  const alice = await person(node, 'alice')

  t.match(await stranger(node).post('/auth/recovery', { username: 'alice' }), { status: 404, body: { error: { code: 'feature.disabled' } } })
  t.match((await alice.patch('/auth/user', { email: 'alice@example.com' })).body.user, { email: 'alice@example.com', emailVerified: false })
  t.match(await alice.post('/auth/email/verification'), { status: 404, body: { error: { code: 'feature.disabled' } } })
  for (const path of ['/auth/recovery/confirm', '/auth/email/verification/confirm']) {
    const token = { token: 'x'.repeat(43), ...(path.includes('recovery') && { password }) }
    t.match(await stranger(node).post(path, token), { status: 404, body: { error: { code: 'link.not_found' } } })
  }
  t.same(await node.app.database.sql`select from mailed_links`, [])
})
