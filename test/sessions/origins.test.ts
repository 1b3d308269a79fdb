import { readConfig } from '../../plugins/config.ts'
import { startNode, testEnvironment } from '../helpers/node.ts'
import { person, stranger } from '../helpers/person.ts'
import { t } from '../suite.ts'

const foreign = 'https://evil.example'
const nowhere = { databaseUrl: 'postgres://nowhere', redisUrl: 'redis://nowhere', redisPrefix: 'nowhere' }
const listed = 'https://app.example.com'

t.test('scenario 7: a page of another origin cannot act, whatever cookie comes with it', async (t) => {
  const node = await startNode(t)
  const alice = await person(node, 'alice')
  const { port } = new URL(node.url)

  for (const origin of [
    foreign, 'null', '', `http://localhost:${port}`, `https://127.0.0.1:${port}`, 'http://127.0.0.1', `${node.url}/`,
    `${node.url}.evil.example`, 'file://', listed
  ]) {
    for (const [method, path] of [['POST', '/auth/logout'], ['PATCH', '/auth/user'], ['DELETE', '/auth/sessions'], ['PUT', '/rooms/x/read']] as const) {
      const { status, body } = await alice.request(method, path, { headers: { origin } })
      t.equal(status, 403, `${method} from ${origin}`)
      t.equal(body.error.code, 'origin.refused')
    }
    const login = await stranger(node).request('POST', '/auth/login', { body: {}, headers: { origin } })
    t.equal(login.body.error.code, 'origin.refused', 'nor sign somebody in')
  }
  t.equal((await alice.get('/auth/user')).status, 200)
})

t.test('a page of the origin that was called may act, and so may whoever is no browser', async (t) => {
  const node = await startNode(t)
  const alice = await person(node, 'alice')

  const byPage = await alice.request('PATCH', '/auth/user', { body: { displayName: 'Alice' }, headers: { origin: node.url } })
  t.equal(byPage.status, 200)
  t.equal(byPage.headers.get('access-control-allow-origin'), null)
  t.equal((await alice.patch('/auth/user', { displayName: 'Alice L.' })).status, 200)
})

t.test('origins that are listed may act, with credentials, and after asking first', async (t) => {
  const node = await startNode(t, { ORIGINS: `${listed}, http://localhost:5173/`, PUBLIC_URL: 'https://chat.example.com/app' })
  const alice = await person(node, 'alice')

  for (const origin of [listed, 'http://localhost:5173', 'https://chat.example.com']) {
    const answer = await alice.request('PATCH', '/auth/user', { body: { displayName: 'Alice' }, headers: { origin } })
    t.equal(answer.status, 200, origin)
    t.equal(answer.headers.get('access-control-allow-origin'), origin)
    t.equal(answer.headers.get('access-control-allow-credentials'), 'true')
    t.equal(answer.headers.get('vary'), 'Origin')

    const preflight = await stranger(node).request('OPTIONS', '/auth/user', {
      headers: { origin, 'access-control-request-method': 'PATCH', 'access-control-request-headers': 'content-type' }
    })
    t.equal(preflight.status, 204)
    t.match(preflight.headers.get('access-control-allow-methods'), /PATCH/)
    t.match(preflight.headers.get('access-control-allow-headers'), /content-type/)
  }
  t.same(node.app.allowedOrigins, ['https://app.example.com', 'http://localhost:5173', 'https://chat.example.com'])
})

t.test('the answer to a foreign page is not for its eyes', async (t) => {
  const node = await startNode(t, { ORIGINS: listed })
  const alice = await person(node, 'alice')

  const read = await alice.get('/auth/user', { headers: { origin: foreign } })
  t.equal(read.status, 200)
  t.equal(read.headers.get('access-control-allow-origin'), null)
  const preflight = await stranger(node).request('OPTIONS', '/auth/user', {
    headers: { origin: foreign, 'access-control-request-method': 'PATCH' }
  })
  t.equal(preflight.body.error.code, 'origin.refused')
  t.equal(preflight.headers.get('access-control-allow-origin'), null)
})

t.test('scenario 25: an origin that is none keeps a node from starting, and is named', async (t) => {
  const read = (settings: Record<string, string>) => () => readConfig(testEnvironment(nowhere, settings))
  t.throws(read({ ORIGINS: '*' }), /ORIGINS: it names \*/)
  t.throws(read({ ORIGINS: 'https://app.example.com,app.example.com' }), /ORIGINS: it names app\.example\.com/)
  t.throws(read({ ORIGINS: 'ftp://app.example.com' }), /ORIGINS: it names ftp:/)
  t.throws(read({ PUBLIC_URL: 'https://' }), /PUBLIC_URL: it is no well-formed URL/)
})
