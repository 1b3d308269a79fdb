import { startNode, startNodes, type Address } from '../helpers/node.ts'
import { person, stranger } from '../helpers/person.ts'
import { until } from '../helpers/until.ts'
import { t } from '../suite.ts'
import { createFlood } from './flood.ts'

const strict = { LIMITS: 'standard', TRUST_PROXY: 'loopback' }
const alice = { username: 'alice', password: 'the password of alice' }
const bob = { username: 'bob', password: 'the password of bob' }
const wrong = { ...alice, password: 'is it this one?' }

function login (node: Address, body: typeof alice, from = '203.0.113.7') {
  return stranger(node).request('POST', '/auth/login', { body, headers: { 'x-forwarded-for': from } })
}

t.test('after five wrong passwords on two nodes there is no sixth in this minute, not even the right one', async (t) => {
  const [one, two] = await startNodes(t, 2, strict)
  for (const body of [alice, bob]) t.equal((await stranger(one).post('/auth/register', body)).status, 201)

  for (const node of [one, two, one, two, one]) {
    t.match(await login(node, wrong), { status: 401, body: { error: { code: 'session.invalid_credentials' } } })
  }
  for (const [node, body] of [[two, wrong], [one, wrong], [two, alice]] as const) {
    const { status, body: { error }, headers } = await login(node, body)
    t.match({ status, error }, { status: 429, error: { code: 'rate.limited', retryable: true } })
    t.ok(error.retryAfterMs && error.retryAfterMs > 0 && error.retryAfterMs <= 60_000, 'it says when')
    t.equal(headers.get('retry-after'), String(Math.ceil((error.retryAfterMs ?? 0) / 1000)))
  }
  t.equal((await login(two, bob)).status, 200, 'bob, who is where she is')
  t.equal((await login(two, alice, '203.0.113.8')).status, 200, 'alice herself, somewhere else')
})

t.test('a name that nobody has is counted and answered like any other', async (t) => {
  const node = await startNode(t, strict)
  await stranger(node).post('/auth/register', alice)
  const answers: Array<{ username: string, status: number, error: unknown }> = []
  for (const username of ['alice', 'nobody']) {
    for (let count = 0; count < 6; count++) {
      const { status, body: { error: { retryAfterMs: _, ...error } } } = await login(node, { ...wrong, username })
      answers.push({ username, status, error })
    }
  }
  const of = (name: string) => answers.filter(({ username }) => username === name).map(({ username: _, ...answer }) => answer)
  t.same(of('nobody'), of('alice'))
  t.same(of('nobody').map(({ status }) => status), [401, 401, 401, 401, 401, 429])
})

t.test('ten devices of alice sign in at once', async (t) => {
  const nodes = await startNodes(t, 3, strict)
  await stranger(nodes[0]).post('/auth/register', alice)
  const answers = await Promise.all(Array.from({ length: 10 }, (_, index) => login(nodes[index % 3] as Address, alice)))
  t.same(answers.map(({ status }) => status), answers.map(() => 200))
})

t.test('networks that try passwords in numbers do not keep alice from signing in', async (t) => {
  const node = await startNode(t, strict)
  await stranger(node).post('/auth/register', alice)
  let isOver = false
  let isCrowded = false
  const attack = Promise.all(Array.from({ length: 50 }, async (_, index) => {
    const { status } = await login(node, { username: `nobody-${index}`, password: 'is it this one?' }, `2001:db8:${index % 5}::1`)
    isCrowded ||= status === 503
    return status
  }))
  void attack.then(() => { isOver = true })
  await until('there is no more room', () => isCrowded)
  t.equal((await login(node, alice)).status, 200)
  t.notOk(isOver, 'the attack was under way')
  t.same([...new Set(await attack)].toSorted(), [401, 503])
})

t.test('where somebody has signed in they are remembered, and not where they failed to', async (t) => {
  const node = await startNode(t, strict)
  await stranger(node).post('/auth/register', alice)
  const { redis: { commands, name } } = node.app
  const listKnown = async () => (await commands.keys(name('rate', 'known', '*'))).map((key) => key.split(':').at(-1))

  await login(node, wrong)
  t.same(await listKnown(), [])
  await login(node, alice)
  t.same(await listKnown(), ['203.0.113.7'])
})

t.test('10,000 wrong passwords: five a minute are looked at, the others are told to wait, and bob signs in meanwhile', async (t) => {
  const nodes = await startNodes(t, 3, strict)
  for (const body of [alice, bob]) await stranger(nodes[0]).post('/auth/register', body)
  let isRefusing = false
  const begunAt = Date.now()
  const attack = createFlood(t, nodes)(10_000, {
    method: 'POST', path: '/auth/login', body: wrong, headers: { 'x-forwarded-for': '203.0.113.7' }
  }, (status) => { isRefusing ||= status === 429 })
  await until('they are turned away', () => isRefusing)
  t.equal((await login(nodes[1], bob, '203.0.113.9')).status, 200)
  const { 401: evaluated = 0, 429: refused = 0, ...others } = await attack
  const minutes = Math.ceil((Date.now() - begunAt) / 60_000)
  t.ok(evaluated >= 5 && evaluated <= 5 * minutes, `${evaluated} are looked at within ${minutes} min`)
  t.equal(refused, 10_000 - evaluated)
  t.same(others, {})
  t.equal((await login(nodes[2], alice, '203.0.113.9')).status, 200)
})

t.test('whoever has come by a session of alice\'s does not find out her password with it', async (t) => {
  const node = await startNode(t, strict)
  const stolen = await person(node, 'alice')
  const guess = (currentPassword: string) => stolen.patch('/auth/user', { password: 'mallory was here', currentPassword })
  for (let count = 0; count < 5; count++) t.equal((await guess('is it this one?')).status, 401)
  t.match(await guess(stolen.password), { status: 429, body: { error: { code: 'rate.limited', retryable: true } } })
  const here = await stranger(node).post('/auth/login', alice)
  t.equal(here.status, 429, 'nor by signing in: it is the same budget')
  t.equal((await stolen.patch('/auth/user', { displayName: 'Alice' })).status, 200, 'what needs no password goes on')
})
