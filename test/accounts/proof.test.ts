import { startNode } from '../helpers/node.ts'
import { person } from '../helpers/person.ts'
import { age } from '../helpers/sessions.ts'
import { t } from '../suite.ts'

t.test('whoever has come by a session does not change the email with it', async (t) => {
  const node = await startNode(t)
  const alice = await person(node, 'alice')
  t.equal((await alice.patch('/auth/user', { email: 'alice@example.com' })).status, 200, 'she has just signed in')
  await age(node, alice, 11)

  const stolen = await alice.patch('/auth/user', { email: 'mallory@example.com' })
  t.equal(stolen.status, 403)
  t.equal(stolen.body.error.code, 'request.forbidden')
  t.match(stolen.body.error.message, /currentPassword/)
  t.equal((await alice.patch('/auth/user', { email: null })).status, 403, 'nor remove it')
  const guessed = await alice.patch('/auth/user', { email: 'mallory@example.com', currentPassword: 'a wrong password' })
  t.equal(guessed.body.error.code, 'session.invalid_credentials')
  t.equal((await alice.get('/auth/user')).body.user.email, 'alice@example.com')

  t.equal((await alice.patch('/auth/user', { email: 'Alice@example.com', displayName: 'Alice' })).status, 200, 'one that is hers already is no change')
  const known = await alice.patch('/auth/user', { email: 'alice@example.org', currentPassword: alice.password })
  t.equal(known.body.user.email, 'alice@example.org')
})
