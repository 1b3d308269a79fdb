import { randomUUID } from 'node:crypto'
import { Writable } from 'node:stream'
import { pino } from 'pino'
import type { Test } from 'tap'
import { buildApp } from '../../app.ts'
import { readConfig } from '../../plugins/config.ts'
import { checkFailure } from '../contract/checks.ts'
import { testEnvironment, type Address } from '../helpers/node.ts'
import { person } from '../helpers/person.ts'
import type { TestSocket } from '../helpers/socket.ts'
import { createStores } from '../helpers/stores.ts'
import { t } from '../suite.ts'

interface LogLine {
  level: number
  msg: string
  reqId?: string
  command?: string
  connectionId?: string
  err?: { message: string, stack: string }
}

const error = 50

/** A node whose log can be read. */
async function startLoggedNode (t: Test) {
  const stores = await createStores(t)
  const config = readConfig(testEnvironment(stores, { LOG_LEVEL: 'info' }))
  const lines: LogLine[] = []
  const stream = new Writable({
    write (chunk, _encoding, done) {
      lines.push(...String(chunk).trim().split('\n').map((line) => JSON.parse(line) as LogLine))
      done()
    }
  })
  const app = await buildApp({ config, logger: pino({ level: 'info' }, stream) })
  t.teardown(() => app.close())
  const node: Address = { name: config.NODE_NAME, url: await app.listen({ host: '127.0.0.1', port: 0 }), sockets: new Set<TestSocket>() }
  t.teardown(() => { for (const socket of node.sockets) socket.close() })
  return { app, node, errors: () => lines.filter(({ level }) => level >= error), lines }
}

t.test('scenario 26: a handler that throws fails one request; the node lives, and the log has it once with its request id', async (t) => {
  const { app, node, errors, lines } = await startLoggedNode(t)
  const alice = await person(node, 'alice')
  const room = await alice.makeRoom()
  const message = await alice.send(room, 'hello')
  await app.database.sql`alter table reactions rename to reactions_gone`

  const { status, body } = await alice.get(`/rooms/${room.id}/messages`)

  t.equal(status, 500)
  t.equal(checkFailure(body, status), undefined)
  t.same(Object.keys(body.error).toSorted(), ['code', 'message', 'retryable'])
  t.equal(body.error.code, 'server.error')
  t.notMatch(JSON.stringify(body), /reactions|relation|42P01|postgres|stack|node_modules/i, 'no internals')
  t.equal(errors().length, 1)
  const [line] = errors()
  t.match(line?.err?.message, /reactions/)
  t.match(line?.reqId, /^[0-9a-f-]{36}$/)
  t.ok(lines.some(({ reqId, msg }) => reqId === line?.reqId && msg === 'incoming request'), 'it is that request\'s id')

  // What does not need the table works on, while others fail.
  const attempts = await Promise.all(Array.from({ length: 20 }, (_, index) =>
    index % 2 ? alice.get(`/rooms/${room.id}/messages`) : alice.post(`/rooms/${room.id}/messages`, { id: randomUUID(), text: `${index}` })))
  t.same(attempts.map(({ status }) => status), Array.from({ length: 20 }, (_, index) => index % 2 ? 500 : 201))
  t.equal(errors().length, 11)
  t.equal(new Set(errors().map(({ reqId }) => reqId)).size, 11)

  await app.database.sql`alter table reactions_gone rename to reactions`
  t.match((await alice.get(`/rooms/${room.id}/messages?limit=1&after=${message.seq - 1}`)).body.messages, [{ id: message.id }])
})

t.test('scenario 26: so does a command that throws; its connection stands, and the others', async (t) => {
  const { app, node, errors } = await startLoggedNode(t)
  const alice = await person(node, 'alice')
  const room = await alice.makeRoom()
  const message = await alice.send(room, 'hello')
  const [socket, other] = [await alice.connect(), await alice.connect()]
  await app.database.sql`alter table reactions rename to reactions_gone`

  const { ok, ...failure } = await socket.ask('reaction:add', { roomId: room.id, id: randomUUID(), seq: message.seq, emoji: '👍' })

  t.equal(ok, false)
  t.equal(checkFailure(failure), undefined)
  t.equal(failure.error?.code, 'server.error')
  t.notMatch(JSON.stringify(failure), /reactions|relation|42P01|stack/i)
  t.equal(errors().length, 1)
  t.match(errors()[0], { command: 'reaction:add', connectionId: socket.client.id, err: { message: /reactions/ } })

  const { message: next } = await socket.do('message:send', { roomId: room.id, id: randomUUID(), text: 'still here' })
  await other.caughtUp(room.id, next.seq)
  t.equal(socket.client.connected && other.client.connected, true)
})

t.test('what a client did wrong is no error of the server\'s', async (t) => {
  const { node, lines } = await startLoggedNode(t)
  const alice = await person(node, 'alice')
  const socket = await alice.connect()
  await alice.post('/rooms', '{')
  await alice.post('/rooms', { name: '' })
  await alice.get('/nothing')
  await alice.get('/rooms/%zz')
  await socket.send('nonsense', {})
  await socket.send('message:send', Buffer.from('x'))
  t.same(lines.filter(({ level }) => level > 30), [])
})
