import { once } from 'node:events'
import { connect } from 'node:net'
import { text as readText } from 'node:stream/consumers'
import type { Test } from 'tap'
import { calls, type Call } from '../../contract/index.ts'
import type { Answer } from '../helpers/api.ts'
import { startNode } from '../helpers/node.ts'
import { person, stranger } from '../helpers/person.ts'
import { t } from '../suite.ts'
import { checkFailure } from './checks.ts'

const node = await startNode(t)
const alice = await person(node, 'alice')
const room = await alice.makeRoom()

function expectRefusal (t: Test, { status, body }: Answer, code: string, what: string): void {
  t.equal(checkFailure(body, status), undefined, what)
  t.equal(body.error?.code, code, what)
}

/** Writes bytes as they are, and answers with what comes back until the server closes. */
async function exchange (request: string | Buffer): Promise<{ status: number, body: unknown }> {
  const socket = connect(Number(new URL(node.url).port), '127.0.0.1')
  await once(socket, 'connect')
  socket.write(request)
  const answer = await readText(socket)
  const [head = '', body = ''] = answer.split('\r\n\r\n')
  return { status: Number(head.split(' ')[1]), body: JSON.parse(body) as unknown }
}

const get = (path: string) => exchange(`GET ${path} HTTP/1.1\r\nHost: parley\r\nCookie: ${alice.jar.header}\r\nConnection: close\r\n\r\n`)

t.test('a URL that is no URL is refused in the contract\'s shape', async (t) => {
  const bad = {
    '/api/rooms/%zz': 'request.invalid',
    '/api/rooms/%ff': 'request.invalid',
    '/%zz': 'request.invalid',
    [`/api/rooms/${'a'.repeat(500)}`]: 'request.invalid',
    [`/api/rooms/${room.id}/messages/%E0%A4%A`]: 'request.invalid',
    '/api/rooms?cursor=%zz': 'request.invalid',
    '/api/rooms?limit=%00': 'request.invalid',
    '/api/rooms/%00': 'request.invalid',
    '/api/rooms/..%2f..%2fhealthz': 'request.invalid',
    '/api/rooms/directory?query=%00': 'request.invalid',
    '/api/nothing': 'route.not_found',
    '/api': 'route.not_found',
    '/api/rooms/x/y/z': 'route.not_found',
    '/API/ROOMS': 'route.not_found',
    '/nothing/at/all': 'route.not_found',
    '//': 'route.not_found',
    '/.env': 'route.not_found',
    '/docs/../../etc/passwd': 'route.not_found',
    '/__proto__': 'route.not_found'
  }
  for (const [path, code] of Object.entries(bad)) expectRefusal(t, await get(path) as Answer, code, path.slice(0, 60))
})

t.test('what is no HTTP, or too much of it, is refused in the contract\'s shape', async (t) => {
  expectRefusal(t, await exchange('nonsense\r\n\r\n') as Answer, 'request.invalid', 'no HTTP')
  expectRefusal(t, await exchange(Buffer.from([0, 1, 2, 255, 13, 10, 13, 10])) as Answer, 'request.invalid', 'bytes')
  const header = `GET /api/rooms HTTP/1.1\r\nHost: parley\r\nCookie: ${'x'.repeat(100_000)}\r\n\r\n`
  expectRefusal(t, await exchange(header) as Answer, 'request.too_large', 'a header of 100 kB')
})

t.test('a method that a path does not have is a route that is not there', async (t) => {
  const known = new Set(Object.values(calls as Record<string, Call>).map(({ method, path }) => `${method} ${path}`))
  for (const path of new Set(Object.values(calls as Record<string, Call>).map(({ path }) => path))) {
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND', 'MKCOL']) {
      if (known.has(`${method} ${path}`)) continue
      const url = path.replace(':roomId', room.id).replace(':userId', alice.id).replace(':seq', '1').replace(':sessionId', room.id)
      // Another route may take it, such as `GET /rooms/direct`.
      const { status, body } = await alice.request(method, url)
      t.equal(checkFailure(body, status), undefined, `${method} ${path}`)
      t.match(body.error?.code, /^(route\.not_found|request\.invalid)$/, `${method} ${path}`)
    }
  }
})

t.test('a body of 10 MB is refused and answered, with its length announced or not', async (t) => {
  const big = Buffer.alloc(10_000_000, 'x')
  for (let round = 0; round < 5; round++) {
    expectRefusal(t, await alice.post(`/rooms/${room.id}/messages`, big), 'request.too_large', 'announced')
    expectRefusal(t, await stranger(node).post('/auth/login', big), 'request.too_large', 'from a stranger')
  }
  const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`
  const chunked = await exchange(`POST /api/rooms HTTP/1.1\r\nHost: parley\r\nCookie: ${alice.jar.header}\r\n` +
    `Content-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n${chunk}${chunk}0\r\n\r\n`)
  expectRefusal(t, chunked as Answer, 'request.too_large', 'in chunks')
  const fits = await alice.post('/rooms', { name: 'x', kind: 'public', topic: 'y'.repeat(60_000) })
  expectRefusal(t, fits, 'request.invalid', 'just below the limit, only a field is wrong')
})

t.test('a body that is no JSON, or none at all, is refused', async (t) => {
  const send = (body: string, headers: Record<string, string> = {}) => alice.request('POST', '/rooms', { body, headers })
  const json = '{"name":"Tea","kind":"public"}'
  const bad: Array<[string, Promise<Answer>]> = [
    ['half a JSON', send('{"name":')],
    ['two', send(json + json)],
    ['empty', send('')],
    ['no body and no type', alice.request('POST', '/rooms')],
    ['text/plain', send(json, { 'content-type': 'text/plain' })],
    ['no JSON type', send('name=Tea&kind=public', { 'content-type': 'application/x-www-form-urlencoded' })],
    ['multipart', send(json, { 'content-type': 'multipart/form-data; boundary=x' })],
    ['a type that is none', send(json, { 'content-type': ';;;' })],
    ['compressed, it says', send('\x1f\x8b', { 'content-encoding': 'gzip' })],
    ['prototype pollution', send('{"name":"Tea","kind":"public","__proto__":{"kind":"direct"}}')],
    ['constructor pollution', send('{"name":"Tea","kind":"public","constructor":{"prototype":{"x":1}}}')],
    ['deep lists', send('['.repeat(30_000) + ']'.repeat(30_000))],
    ['deep objects', send(`${'{"name":'.repeat(7000)}1${'}'.repeat(7000)}`)]
  ]
  for (const [what, answer] of bad) expectRefusal(t, await answer, 'request.invalid', what)
  t.equal((await alice.get('/rooms')).body.rooms.length, 1)
})

t.test('calls that need no body take an empty one', async (t) => {
  const empty = (method: string, path: string) => alice.request(method, path, { headers: { 'content-type': 'application/json' } })
  t.equal((await empty('PUT', `/rooms/${room.id}/members/${alice.id}`)).status, 200)
  t.equal((await alice.put(`/rooms/${room.id}/members/${alice.id}`)).status, 200)
  t.equal((await alice.put(`/rooms/${room.id}/members/${alice.id}`, {})).status, 200)
  t.equal((await alice.put(`/rooms/${room.id}/members/${alice.id}`, 'null')).status, 200)
  t.equal((await empty('DELETE', '/auth/sessions')).status, 204)
})

t.test('the node still answers', async (t) => {
  t.equal((await alice.get('/auth/user')).status, 200)
  t.equal((await fetch(`${node.url}/readyz`)).status, 200)
})
