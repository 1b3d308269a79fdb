import type { Identity } from '../../contract/index.ts'
import { makeMailedLink } from '../../domain/mailed-links.ts'
import { startNode, startNodes } from '../helpers/node.ts'
import { person, type Person } from '../helpers/person.ts'
import { age } from '../helpers/sessions.ts'
import { until } from '../helpers/until.ts'
import { t } from '../suite.ts'
import { Browser, locationOf } from './browser.ts'
import { startProvider } from './provider.ts'

async function identitiesOf (somebody: Browser | Person): Promise<{ identities: Identity[], hasPassword: boolean }> {
  const api = somebody instanceof Browser ? somebody.api() : somebody
  return (await api.get('/auth/identities')).body as unknown as { identities: Identity[], hasPassword: boolean }
}

t.test('an identity is linked, and both ways lead to the same account', async (t) => {
  const provider = await startProvider(t)
  const [one, two] = await startNodes(t, 2, provider.settings)
  const alice = await person(one, 'alice')
  const [sid, socket] = [alice.jar.get('sid'), await alice.connect()]
  provider.people.set('alice-1', { email: 'alice@example.com' })

  const browser = new Browser(one, alice.jar)
  const url = await browser.beginLink({ returnTo: '/settings' })
  const back = await browser.comeBack(await browser.visit(url, 'alice-1'), two)
  t.equal(locationOf(back), '/settings')
  t.equal(alice.jar.get('sid'), sid, 'the session goes on')
  const { identities, hasPassword } = await identitiesOf(alice)
  t.equal(hasPassword, true)
  t.match(identities, [{ issuer: provider.issuer, label: 'alice@example.com' }])
  t.match(identities[0]?.createdAt, /^\d{4}-.*Z$/)

  await browser.link({ as: 'alice-1' })
  t.same((await identitiesOf(alice)).identities, identities, 'once more changes nothing')

  const elsewhere = new Browser(two)
  await elsewhere.signIn({ as: 'alice-1' })
  t.equal((await elsewhere.whoAmI()).body.user.id, alice.id)
  t.equal((await person(two, 'alice')).id, alice.id)
  t.equal(socket.client.connected, true)
})

t.test('whoever has come by a session links nothing with it', async (t) => {
  const provider = await startProvider(t)
  const node = await startNode(t, provider.settings)
  const alice = await person(node, 'alice')
  await age(node, alice, 11)
  const refused = await alice.post('/auth/oidc/link')
  t.equal(refused.status, 403)
  t.equal(refused.body.error.code, 'request.forbidden')
  t.equal((await alice.post('/auth/oidc/link', { currentPassword: 'a wrong password' })).body.error.code, 'session.invalid_credentials')
  t.equal((await alice.post('/auth/oidc/link', { currentPassword: alice.password })).status, 200)
})

t.test('an identity of somebody else is not linked', async (t) => {
  const provider = await startProvider(t)
  const [one, two] = await startNodes(t, 2, provider.settings)
  const bob = new Browser(one)
  await bob.signIn({ as: 'bob-1' })
  const mallory = await person(two, 'mallory')
  const taken = await new Browser(two, mallory.jar).link({ as: 'bob-1' })
  t.same([taken.status, taken.body.error.code], [409, 'identity.taken'])
  t.same((await identitiesOf(mallory)).identities, [])
  t.equal((await identitiesOf(bob)).identities.length, 1)
})

t.test('an identity is unlinked, and then is nobody\'s', async (t) => {
  const provider = await startProvider(t)
  const node = await startNode(t, provider.settings)
  const [alice, mallory] = [await person(node, 'alice'), await person(node, 'mallory')]
  const browser = new Browser(node, alice.jar)
  await browser.link({ as: 'alice-1' })
  const [identity] = (await identitiesOf(alice)).identities
  const path = `/auth/identities/${identity?.id}`
  t.equal((await mallory.delete(path)).body.error.code, 'identity.not_found')
  t.equal((await identitiesOf(alice)).identities.length, 1)

  t.equal((await alice.delete(path)).status, 204)
  t.equal((await alice.delete(path)).body.error.code, 'identity.not_found')
  const elsewhere = new Browser(node)
  await elsewhere.signIn({ as: 'alice-1' })
  t.not((await elsewhere.whoAmI()).body.user.id, alice.id)
})

t.test('the last way in stays, until there is another', async (t) => {
  const provider = await startProvider(t)
  const node = await startNode(t, provider.settings)
  const alice = new Browser(node)
  await alice.signIn({ as: 'alice-1' })
  const [only] = (await identitiesOf(alice)).identities
  const refused = await alice.api().delete(`/auth/identities/${only?.id}`)
  t.same([refused.status, refused.body.error.code], [409, 'identity.required'])

  await alice.link({ as: 'alice-2' })
  t.equal((await alice.api().delete(`/auth/identities/${only?.id}`)).status, 204)
  const again = new Browser(node)
  await again.signIn({ as: 'alice-2' })
  t.equal((await again.whoAmI()).body.user.id, (await alice.whoAmI()).body.user.id)
})

t.test('of two identities that are removed at once on two nodes, one stays', async (t) => {
  const provider = await startProvider(t)
  const [one, two] = await startNodes(t, 2, provider.settings)
  const { sql } = one.app.database
  const alice = new Browser(one)
  await alice.signIn({ as: 'alice-1' })
  await alice.link({ as: 'alice-2' })
  const [first, second] = (await identitiesOf(alice)).identities

  // Both removals are held up where they have seen two identities and removed none.
  const isHeld = async (count: number) => {
    const waiting = await sql`select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`
    return waiting.length === count
  }
  const removals = await sql.begin(async (held) => {
    await held`select from identities where id in (${first?.id ?? ''}, ${second?.id ?? ''}) for update`
    const removals = [alice.api(one).delete(`/auth/identities/${first?.id}`), alice.api(two).delete(`/auth/identities/${second?.id}`)]
    await until('both removals wait', () => isHeld(2))
    return { answers: Promise.all(removals) }
  })
  const answers = await removals.answers
  t.same(answers.map(({ status }) => status).toSorted(), [204, 409])
  t.equal((await identitiesOf(alice)).identities.length, 1)
})

t.test('linking ends in the session that it began in, or not at all', async (t) => {
  const provider = await startProvider(t)
  const node = await startNode(t, provider.settings)
  const alice = await person(node, 'alice')
  const browser = new Browser(node, alice.jar)

  const begin = async () => {
    const callback = await browser.visit(await browser.beginLink(), 'alice-1')
    const flow = alice.jar.get('oidc') ?? ''
    return {
      callback,
      as: async (sid: string | undefined) => {
        const cookie = [`oidc=${flow}`, ...sid === undefined ? [] : [`sid=${sid}`]].join('; ')
        return (await new Browser(node).api().request('GET', callback, { headers: { cookie } })).body.error.code
      }
    }
  }
  const phone = await person(node, 'alice')
  const mallory = await person(node, 'mallory')
  t.equal(await (await begin()).as(undefined), 'session.required')
  t.equal(await (await begin()).as(phone.jar.get('sid')), 'session.required', 'another session of the same person')
  t.equal(await (await begin()).as(mallory.jar.get('sid')), 'session.required')
  const ended = await begin()
  await phone.delete('/auth/sessions')
  t.equal(await ended.as(alice.jar.get('sid')), 'session.required', 'one that was ended meanwhile')
  t.same((await identitiesOf(phone)).identities, [])
  t.same((await identitiesOf(mallory)).identities, [])
})

t.test('a session that ends while the provider is asked links nothing', async (t) => {
  const provider = await startProvider(t)
  const node = await startNode(t, provider.settings)
  const phone = await person(node, 'alice')
  const phoneSession = (await phone.get('/auth/user')).body.session.id
  const endings: Record<string, (alice: Person) => Promise<unknown>> = {
    'signed out': (alice) => alice.post('/auth/logout'),
    'signed out from elsewhere': () => phone.delete('/auth/sessions'),
    // As by a new password, of a session that no list has named.
    'older than the account allows': () => node.app.database.sql`update users set session_generation = session_generation + 1, kept_session_id = ${phoneSession}`
  }
  for (const [what, end] of Object.entries(endings)) {
    const alice = await person(node, 'alice')
    const browser = new Browser(node, alice.jar)
    const callback = await browser.visit(await browser.beginLink(), 'alice-1')
    provider.faults.set('/me', (_request, response) => {
      void end(alice).then(() => response.writeHead(200, { 'content-type': 'application/json' }).end('{"sub":"alice-1"}'))
    })
    t.equal((await browser.comeBack(callback)).body.error.code, 'session.required', what)
    provider.faults.clear()
  }
  t.same((await identitiesOf(phone)).identities, [])
})

t.test('no page of somebody else begins to link, and nobody who is not signed in', async (t) => {
  const provider = await startProvider(t)
  const node = await startNode(t, provider.settings)
  const alice = await person(node, 'alice')
  const refused = await alice.request('POST', '/auth/oidc/link', { headers: { origin: 'https://evil.example' } })
  t.equal(refused.body.error.code, 'origin.refused')
  t.equal((await new Browser(node).api().post('/auth/oidc/link')).body.error.code, 'session.required')
  t.equal(alice.jar.get('oidc'), undefined)
})

t.test('whoever had signed in by an identity is signed out when it is unlinked', async (t) => {
  const provider = await startProvider(t)
  const node = await startNode(t, provider.settings)
  const alice = await person(node, 'alice')
  await new Browser(node, alice.jar).link({ as: 'thief' })
  const thief = new Browser(node)
  await thief.signIn({ as: 'thief' })
  const [identity] = (await identitiesOf(alice)).identities
  t.equal((await alice.delete(`/auth/identities/${identity?.id ?? ''}`)).status, 204)
  t.equal((await thief.whoAmI()).body.error.code, 'session.required')
  t.equal((await alice.get('/auth/user')).status, 200)
})

t.test('a recovery unlinks what was linked later, and keeps what the account was made with', async (t) => {
  const provider = await startProvider(t)
  const node = await startNode(t, provider.settings)
  const alice = new Browser(node)
  await alice.signIn({ as: 'alice' })
  const { id } = (await alice.whoAmI()).body.user
  await alice.link({ as: 'thief' })
  t.equal((await identitiesOf(alice)).identities.length, 2)

  const link = await makeMailedLink(node.app.database.sql, { userId: id, purpose: 'recovery', email: null })
  t.equal((await alice.api().post('/auth/recovery/confirm', { token: link?.token, password: 'quite another one' })).status, 204)
  const again = new Browser(node)
  await again.signIn({ as: 'alice' })
  t.equal((await again.whoAmI()).body.user.id, id)
  t.match(await identitiesOf(again), { identities: { length: 1 }, hasPassword: true })
})
