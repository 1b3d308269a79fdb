import { readFileSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { clientErrorKinds, createParley } from '../../sdk/index.ts'
import { startNodes } from '../helpers/node.ts'
import { t } from '../suite.ts'
import { openClient, signedIn, Watcher } from './helpers.ts'

const readme = readFileSync(new URL('../../../sdk/README.md', import.meta.url), 'utf8')

t.test('the quick start of the README runs', async (t) => {
  const [one] = await startNodes(t, 1)
  const [, code = ''] = /```js\n(.*?)```/s.exec(readme) ?? []
  const sdk = new URL('../../sdk/index.js', import.meta.url).href
  const file = join(t.testdir(), 'quick-start.mjs')
  writeFileSync(file, code.replace('@parley/sdk', sdk).replace('http://localhost:3000', one.url))
  await import(pathToFileURL(file).href)
  const alice = openClient(t, one.url)
  await alice.signIn({ username: 'alice', password: 'correct horse' })
  const { rooms: [state] } = await alice.rooms.list()
  const { messages } = await alice.call('listMessages', { params: { roomId: state?.id ?? '' } })
  t.match(messages, [{ text: 'Hello!', reactions: [{ emoji: '👋', mine: true }] }])
})

t.test('the README names every code of the SDK', async (t) => {
  for (const [code, { retryable }] of Object.entries(clientErrorKinds)) {
    const [, said] = new RegExp(`\\| \`${code}\` \\| ([^|]+) \\|`).exec(readme) ?? []
    t.equal(said?.startsWith('no'), code === 'client.bad_answer' ? false : !retryable, code)
  }
})

t.test('what a listener throws disturbs nobody', async (t) => {
  const [one] = await startNodes(t, 1)
  const thrown: unknown[] = []
  const alice = await signedIn(t, one.url, 'alice', { onError: (error) => { thrown.push(error) } })
  const room = await alice.rooms.make({ name: 'Kitchen', kind: 'public' })
  for (const name of ['events', 'pending', 'change'] as const) room.on(name, () => { throw new Error(`thrown by ${name}`) })
  alice.on('events', () => { throw new Error('thrown by all events') })
  const seen = new Watcher(alice)
  await room.send('one')
  await room.send('two')
  t.same((await seen.caughtUp(room.id, 3)).map(({ seq }) => seq), [1, 2, 3])
  t.ok(thrown.length > 0)
})

t.test('a client to whom nobody listens works, and the same id twice is one message', async (t) => {
  const [one] = await startNodes(t, 1)
  const alice = await signedIn(t, one.url, 'alice')
  const room = await alice.rooms.make({ name: 'Kitchen', kind: 'public' })
  const id = crypto.randomUUID()
  const [first, again] = await Promise.all([room.send('hello', { id }), room.send('hello', { id })])
  t.same(first, again)
})

t.test('errors of REST have the contract\'s code, or one of the SDK', async (t) => {
  const [one] = await startNodes(t, 1)
  const alice = await signedIn(t, one.url, 'alice')
  const roomId = crypto.randomUUID()
  await t.rejects(alice.call('getRoom', { params: { roomId } }), { name: 'ParleyError', code: 'room.not_found', status: 404, retryable: false })
  await t.rejects(alice.register({ username: 'alice', password: 'correct horse' }), { code: 'user.username_taken', status: 409 })
  await t.rejects(alice.register({ username: 'b', password: 'short' }), { code: 'request.invalid', details: [{ path: '/username' }, { path: '/password' }] })
  t.equal(await alice.call('endOtherSessions'), null)

  const away = createParley({ url: 'http://127.0.0.1:9' })
  await t.rejects(away.currentUser(), { code: 'client.unreachable', retryable: true })
})

t.test('a server that is slow, or is none, has codes of its own', async (t) => {
  const server = createServer((request, response) => {
    if (request.url === '/api/auth/user') return
    response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const parley = createParley({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, requestTimeoutMs: 50 })
  await t.rejects(parley.currentUser(), { code: 'client.timeout', retryable: true })
  await t.rejects(parley.call('listRooms'), { code: 'client.bad_answer', retryable: true, status: 502 })
})

t.test('a client that was closed while signing in stays closed', async (t) => {
  const [one] = await startNodes(t, 1)
  const alice = await signedIn(t, one.url, 'alice')
  const again = alice.signIn({ username: 'alice', password: 'correct horse' })
  alice.close()
  await t.rejects(again, { code: 'client.closed' })
  t.equal(alice.state, 'closed')
})

t.test('without a page the url must be given', async (t) => {
  t.throws(() => createParley(), { message: /url of the server/ })
})
