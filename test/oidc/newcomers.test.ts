import { toNewcomer } from '../../domain/newcomer.ts'
import { FlowSeal } from '../../plugins/oidc/flow.ts'
import { startNode, startNodes, type TestNode } from '../helpers/node.ts'
import { person } from '../helpers/person.ts'
import { t } from '../suite.ts'
import { Browser } from './browser.ts'
import { answerJson, startProvider } from './provider.ts'

async function signInAs (node: TestNode, as: string) {
  const browser = new Browser(node)
  const { status } = await browser.signIn({ as })
  const { body } = await browser.whoAmI()
  return { status, user: body.user, browser }
}

async function countUsers ({ app }: TestNode): Promise<number> {
  const [row] = await app.database.sql<Array<{ count: number }>>`select count(*) from users`
  return row?.count ?? -1
}

t.test('an address counts as verified only if the provider says so, and else is not taken over at all', async (t) => {
  const provider = await startProvider(t)
  const node = await startNode(t, provider.settings)
  const notTrue: unknown[] = [false, 'true', 1, null, undefined]
  for (const [index, verified] of notTrue.entries()) {
    provider.people.set(`alice-${index}`, { email: 'alice@example.com', email_verified: verified })
    t.match((await signInAs(node, `alice-${index}`)).user, { email: null, emailVerified: false }, `email_verified: ${String(verified)}`)
  }
  provider.people.set('bob', { email: 'bob@example.com', email_verified: true })
  t.match((await signInAs(node, 'bob')).user, { email: 'bob@example.com', emailVerified: true })
})

t.test('an address from one place is not verified by another', async (t) => {
  const provider = await startProvider(t)
  const node = await startNode(t, provider.settings)
  const seal = new FlowSeal(node.config.SESSION_SECRETS)
  const signIn = async (sub: string, claims: object, profile: object) => {
    const browser = new Browser(node)
    const callback = await browser.visit(await browser.begin(), sub)
    const nonce = seal.open(browser.jar.get('oidc') ?? '')?.nonce
    provider.faults.set('/token', answerJson(200, { access_token: 'x', token_type: 'Bearer', id_token: provider.sign({ sub, nonce, ...claims }) }))
    provider.faults.set('/me', answerJson(200, { sub, ...profile }))
    await browser.comeBack(callback)
    return (await browser.whoAmI()).body.user
  }
  const mine = { email: 'mallory@example.com', email_verified: true }
  t.equal((await signIn('a', mine, { email: 'alice@example.com' })).email, null)
  t.equal((await signIn('b', { email: 'alice@example.com' }, mine)).email, 'mallory@example.com')
  t.equal((await signIn('c', mine, {})).email, 'mallory@example.com', 'a provider may say all of it in the token')
})

t.test('nobody gets an account for having its email or its name elsewhere', async (t) => {
  const provider = await startProvider(t)
  const node = await startNode(t, provider.settings)
  const alice = await person(node, 'alice')
  await alice.patch('/auth/user', { email: 'alice@example.com' })
  await node.app.database.sql`update users set email_verified_at = now()`

  provider.people.set('mallory', { preferred_username: 'alice', name: 'alice', email: 'alice@example.com', email_verified: true })
  const { user: mallory, browser } = await signInAs(node, 'mallory')
  t.not(mallory.id, alice.id)
  t.match(mallory, { username: /^alice-[0-9a-f]{6}$/, displayName: 'alice' })
  t.same((await alice.get('/auth/identities')).body, { identities: [], hasPassword: true })
  t.match((await browser.api().get('/auth/identities')).body, { identities: [{ issuer: provider.issuer, label: 'alice@example.com' }], hasPassword: false })
})

t.test('an account without a password cannot be signed in to with one', async (t) => {
  const provider = await startProvider(t)
  const node = await startNode(t, provider.settings)
  const { user } = await signInAs(node, 'alice')
  for (const password of ['', 'null', 'undefined', 'alice']) {
    const { body } = await new Browser(node).api().post('/auth/login', { username: user.username, password })
    t.equal(body.error.code, 'session.invalid_credentials')
  }
})

t.test('who comes for the first time on several nodes at once gets one account', async (t) => {
  const provider = await startProvider(t)
  const [one, two] = await startNodes(t, 2, provider.settings)
  for (const round of [1, 2, 3]) {
    const before = await countUsers(one)
    provider.people.set(`carol-${round}`, { preferred_username: `carol.${round}` })
    const back = await Promise.all([one, two, one, two, one, two].map((node) => signInAs(node, `carol-${round}`)))
    t.same(back.map(({ status }) => status), back.map(() => 302))
    t.equal(new Set(back.map(({ user }) => user.id)).size, 1)
    t.match(back[0]?.user, { username: `carol.${round}` })
    t.equal(await countUsers(one), before + 1, 'and leaves nobody behind')
  }
})

t.test('people of the same name who come at once get a name each', async (t) => {
  const provider = await startProvider(t)
  const [one, two] = await startNodes(t, 2, provider.settings)
  const subjects = ['a', 'b', 'c', 'd', 'e', 'f']
  for (const subject of subjects) provider.people.set(subject, { preferred_username: 'sam' })
  const back = await Promise.all(subjects.map((subject, index) => signInAs(index % 2 ? one : two, subject)))
  const names = back.map(({ user }) => user.username)
  t.equal(new Set(names).size, subjects.length)
  t.equal(names.filter((name) => name === 'sam').length, 1)
  t.same(names.filter((name) => !/^sam(-[0-9a-f]{6})?$/.test(name)), [])
})

t.test('whatever a provider says of somebody makes a name that the contract takes', async (t) => {
  const usernames: Array<[object, RegExp]> = [
    [{ preferredUsername: 'Alice', email: 'b@example.com', name: 'C' }, /^alice$/],
    [{ preferredUsername: 'Alice@example.com' }, /^alice$/],
    [{ email: 'al.ice+news@example.com' }, /^al\.icenews$/],
    [{ name: 'José  Álvarez' }, /^jose-alvarez$/],
    [{ preferredUsername: 'al', name: 'Alice' }, /^alice$/],
    [{ preferredUsername: '李' }, /^user-[0-9a-f]{6}$/],
    [{ preferredUsername: '---' }, /^user-[0-9a-f]{6}$/],
    [{ preferredUsername: "' or 1=1 --\0\ud800" }, /^or-11---$/],
    [{ preferredUsername: 'x'.repeat(1000) }, /^x{32}$/],
    [{}, /^user-[0-9a-f]{6}$/]
  ]
  for (const [claims, expected] of usernames) {
    t.match(toNewcomer({ isEmailVerified: false, ...claims }, { isNameTaken: false }).username.replace(/^-/, ''), expected, JSON.stringify(claims))
  }
  t.match(toNewcomer({ preferredUsername: 'x'.repeat(1000), isEmailVerified: false }, { isNameTaken: true }).username, /^x{25}-[0-9a-f]{6}$/)

  const displayName = (name: string) => toNewcomer({ preferredUsername: 'alice', name, isEmailVerified: false }, { isNameTaken: false }).displayName
  t.equal(displayName('  Alice \0 Liddell '), 'Alice  Liddell')
  t.equal(displayName('\ud83d half'), '\ufffd half')
  t.equal(displayName('😀'.repeat(100)), '😀'.repeat(64))
  for (const nothing of ['', ' ', '\0']) t.equal(displayName(nothing), 'alice')
  const email = (address: string) => toNewcomer({ email: address, isEmailVerified: true }, { isNameTaken: false }).email
  t.equal(email('alice@example.com'), 'alice@example.com')
  for (const bad of ['', 'alice', 'alice@example.com\r\nBcc: everybody@example.com', 'a@b, c@d', `${'x'.repeat(250)}@example.com`, 'al\0ice@example.com']) t.equal(email(bad), null, bad)
})

t.test('a provider that says strange things of somebody breaks nothing', async (t) => {
  const provider = await startProvider(t)
  const node = await startNode(t, provider.settings)
  const strange: Array<Record<string, unknown>> = [
    { preferred_username: 7, name: { first: 'Alice' }, email: ['a@example.com'], email_verified: true },
    { preferred_username: '\0', name: '\ud800', email: '\0@example.com', email_verified: true },
    { name: 'x'.repeat(100_000), preferred_username: 'y'.repeat(100_000), email: `${'z'.repeat(100_000)}@example.com`, email_verified: true }
  ]
  for (const [index, profile] of strange.entries()) {
    provider.people.set(`strange-${index}`, profile)
    const { status, browser } = await signInAs(node, `strange-${index}`)
    t.equal(status, 302)
    t.equal((await browser.api().get('/auth/identities')).body.error, undefined)
  }
})
