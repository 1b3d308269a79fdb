import { startNode, startNodes } from '../helpers/node.ts'
import { person, stranger } from '../helpers/person.ts'
import { t } from '../suite.ts'

const password = 'correct horse'

t.test('whoever registers has an account, and is not signed in', async (t) => {
  const node = await startNode(t)
  const alice = stranger(node)

  const { status, body, headers } = await alice.post('/auth/register', {
    username: 'Alice', password, displayName: '  Alice Liddell ', email: 'alice@example.com'
  })

  t.equal(status, 201)
  t.match(body.user, { username: 'alice', displayName: 'Alice Liddell', email: 'alice@example.com' })
  t.same(Object.keys(body.user).sort(), ['createdAt', 'displayName', 'email', 'emailVerified', 'id', 'username'])
  t.equal(new Date(body.user.createdAt).toISOString(), body.user.createdAt)
  t.same(headers.getSetCookie(), [])
  t.equal((await alice.get('/auth/user')).body.error.code, 'session.required')
})

t.test('without a display name it is the username, and without an email there is none', async (t) => {
  const { body } = await stranger(await startNode(t)).post('/auth/register', { username: 'bob.b-1_2', password })

  t.match(body.user, { username: 'bob.b-1_2', displayName: 'bob.b-1_2', email: null })
})

t.test('a username is taken in any case, also without saying whose it is', async (t) => {
  const node = await startNode(t)
  await person(node, 'alice')

  const { status, body } = await stranger(node).post('/auth/register', { username: 'ALICE', password })

  t.equal(status, 409)
  t.match(body.error, { code: 'user.username_taken', retryable: false })
})

t.test('scenario 28: of two who register one name at the same moment on two nodes, one gets it', async (t) => {
  const nodes = await startNodes(t, 2)

  for (const round of [1, 2, 3, 4, 5]) {
    const username = `alice${round}`
    const answers = await Promise.all(nodes.map((node) => stranger(node).post('/auth/register', { username, password })))
    t.same(answers.map(({ status }) => status).sort(), [201, 409])
    t.equal(answers.find(({ status }) => status === 409)?.body.error.code, 'user.username_taken')
  }
})

t.test('what does not fit is refused by the field, and makes no account', async (t) => {
  const node = await startNode(t)
  const fitting = { username: 'alice', password }
  const refused: Array<[field: string, change: Record<string, unknown>]> = [
    ['/username', { username: 'al' }],
    ['/username', { username: 'a'.repeat(33) }],
    ['/username', { username: 'al ice' }],
    ['/username', { username: 'alice\0' }],
    ['/username', { username: 'älice' }],
    ['/username', { username: 7 }],
    ['/username', { username: undefined }],
    ['/password', { password: 'short' }],
    ['/password', { password: 'x'.repeat(129) }],
    ['/password', { password: 'x'.repeat(8) + '\ud800' }],
    ['/password', { password: null }],
    ['/displayName', { displayName: '   ' }],
    ['/displayName', { displayName: 'x'.repeat(65) }],
    ['/displayName', { displayName: 'Al\0ice' }],
    ['/email', { email: 'nowhere' }],
    ['/email', { email: `${'x'.repeat(250)}@example.com` }],
    ['/isAdmin', { isAdmin: true }]
  ]

  for (const [field, change] of refused) {
    const { status, body } = await stranger(node).post('/auth/register', { ...fitting, ...change })
    t.equal(status, 400, JSON.stringify(change))
    t.equal(body.error.code, 'request.invalid')
    t.same(body.error.details?.map(({ path }) => path), [field])
  }
  for (const body of ['', '{"username":', '[]', '"alice"', 'null']) {
    const answer = await stranger(node).post('/auth/register', body)
    t.equal(answer.status, 400, body)
    t.equal(answer.body.error.code, 'request.invalid', body)
  }
  t.same(await node.app.database.sql`select username from users`, [])
})

t.test('scenario 29: what is kept of a password does not tell it', async (t) => {
  const node = await startNode(t, { LIMITS: 'standard' })
  await stranger(node).post('/auth/register', { username: 'alice', password })

  const [row] = await node.app.database.sql<Array<{ kept: string }>>`select password_hash as kept from users`
  t.match(row?.kept, /^\$scrypt\$ln=15,r=8,p=3\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
})
