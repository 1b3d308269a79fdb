import { startNodes } from '../helpers/node.ts'
import { people } from '../helpers/person.ts'
import { t } from '../suite.ts'

t.test('five letters an hour go out to addresses that a user sets, whatever the address, node and session', async (t) => {
  const [one, two] = await startNodes(t, 2, { LIMITS: 'standard' })
  const [alice, bob] = await people(one, 'alice', 'bob')
  const set = (email: string, count: number) => alice.at(count % 2 ? one : two).patch('/auth/user', { email })

  for (let count = 1; count <= 5; count++) t.equal((await set(`victim-${count}@example.com`, count)).status, 200)
  for (const count of [6, 7]) {
    const { status, body: { error } } = await set(`victim-${count}@example.com`, count)
    t.match({ status, error }, { status: 429, error: { code: 'rate.limited', retryable: true } })
    t.ok(error.retryAfterMs && error.retryAfterMs > 60_000 && error.retryAfterMs <= 3_600_000, 'it says when')
  }
  const withPassword = await alice.patch('/auth/user', { email: 'victim-8@example.com', password: 'another password', currentPassword: alice.password })
  t.equal(withPassword.status, 429, 'nor beside a new password')

  t.match(await alice.patch('/auth/user', { email: 'Victim-5@example.com', displayName: 'Alice' }), { status: 200 }, 'her own in other letters')
  t.equal((await alice.patch('/auth/user', { email: null })).status, 200, 'to remove it sends none')
  t.equal((await bob.patch('/auth/user', { email: 'bob@example.com' })).status, 200)
})
