import { startLoggingNode } from '../helpers/logging-node.ts'
import { person, stranger } from '../helpers/person.ts'
import { t } from '../suite.ts'
import { startMailbox } from './mailbox.ts'
import { askForToken, verifyEmail } from './world.ts'

const events = ['an email was changed', 'a password was set by a recovery link', 'a password was changed', 'all other sessions were ended']

t.test('what changes how somebody gets in is a line in the log, with who and from where, and nothing secret', async (t) => {
  const mailbox = await startMailbox(t)
  const node = await startLoggingNode(t, mailbox.settings)
  t.match(await node.logged('starting'), { mail: 'smtp', signIn: ['password'] })
  const alice = await person(node, 'alice')
  await verifyEmail(alice, 'alice@example.com', mailbox)
  await alice.patch('/auth/user', { email: 'alice@example.com', displayName: 'Alice' })

  const token = await askForToken(alice, 'alice@example.com', mailbox)
  const [first, second] = ['the first new password', 'the second new password']
  t.equal((await stranger(node).post('/auth/recovery/confirm', { token, password: first })).status, 204)
  await alice.post('/auth/login', { username: 'alice', password: first })
  t.equal((await alice.patch('/auth/user', { password: second, currentPassword: 'a wrong one' })).status, 401)
  t.equal((await alice.patch('/auth/user', { password: second, currentPassword: first })).status, 200)
  t.equal((await alice.delete('/auth/sessions')).status, 204)

  const lines = node.log().trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>)
  const said = lines.filter(({ msg }) => events.includes(String(msg)))
  t.same(said.map(({ msg }) => msg), events, 'each once: what did not happen, or changed nothing, is not said')
  for (const line of said) t.match(line, { level: 30, userId: alice.id, address: '127.0.0.1' })
  for (const secret of [token, first, second]) t.notOk(node.log().includes(secret))
})
