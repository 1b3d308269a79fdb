import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server } from 'socket.io'
import { Connection, type ConnectionOptions } from '../../sdk/connection.ts'
import { ParleyError } from '../../sdk/errors.ts'
import type { Ending } from '../helpers/stores.ts'
import { Recorder } from '../helpers/recorder.ts'
import { t } from '../suite.ts'

const ready = { user: {}, session: {}, node: 'n1', rooms: [], hasMore: false }

/** A server that does what the test wants, and a connection to it. */
async function open (t: Ending) {
  const http = createServer()
  const io = new Server(http)
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  const told = new Recorder()
  const tell = (name: string) => (payload?: unknown) => { told.add(name, payload) }
  const options: ConnectionOptions = {
    link: () => ({
      url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
      cookie: undefined,
      transports: ['websocket'],
      ackTimeoutMs: 200,
      readyTimeoutMs: 500
    }),
    onReady: tell('ready'),
    onEvent: tell('event'),
    onLost: tell('lost'),
    onEnded: tell('ended'),
    onRefused: tell('refused')
  }
  const connection = new Connection(options)
  t.teardown(async () => {
    connection.stop(new ParleyError('client.closed'))
    await io.close()
  })
  const next = async (name: string) => (await told.nextOf([name], () => true, 5000)).payload
  return { io, connection, next, names: () => told.received.map(({ event }) => event) }
}

function refusal (code: string, retryable: boolean, retryAfterMs?: number): Error {
  return Object.assign(new Error(code), { data: { error: { code, message: code, retryable, retryAfterMs } } })
}

t.test('refused for a while: it connects again after the time that the server said', async (t) => {
  const { io, connection, next } = await open(t)
  const attempts: number[] = []
  io.use((_socket, pass) => {
    attempts.push(Date.now())
    pass(attempts.length < 3 ? refusal('server.unavailable', true, 50) : undefined)
  })
  io.on('connection', (socket) => { socket.emit('session:ready', ready) })
  connection.start()
  await next('ready')
  t.equal(attempts.length, 3)
  t.ok((attempts[1] ?? 0) - (attempts[0] ?? 0) >= 50)
})

t.test('refused for good: it stays away, and whoever waits is told', async (t) => {
  const { io, connection, next, names } = await open(t)
  io.use((_socket, pass) => { pass(refusal('origin.refused', false)) })
  connection.start()
  t.match(await next('refused'), { code: 'origin.refused' })
  t.same(names(), ['refused'])
})

t.test('no session: it is over', async (t) => {
  const { io, connection, next, names } = await open(t)
  io.use((_socket, pass) => { pass(refusal('session.required', false)) })
  connection.start()
  t.equal(await next('ended'), undefined)
  t.same(names(), ['ended'])
})

t.test('the session ends: the reason is told, and it does not come back', async (t) => {
  const { io, connection, next, names } = await open(t)
  io.on('connection', (socket) => {
    socket.emit('session:ready', ready)
    socket.emit('session:ended', { reason: 'revoked' })
    socket.disconnect(true)
  })
  connection.start()
  t.equal(await next('ended'), 'revoked')
  t.same(names(), ['ready', 'ended'])
})

t.test('disconnected by the server without a word: the handshake of the next connection decides', async (t) => {
  const { io, connection, next } = await open(t)
  let count = 0
  io.on('connection', (socket) => {
    socket.emit('session:ready', ready)
    if (++count === 1) socket.disconnect(true)
  })
  connection.start()
  for (const name of ['ready', 'lost', 'ready']) await next(name)
  t.equal(count, 2)
})

t.test('a server that never says session:ready is left and tried again', async (t) => {
  const { io, connection, next } = await open(t)
  let count = 0
  io.on('connection', (socket) => { if (++count === 2) socket.emit('session:ready', ready) })
  connection.start()
  await next('lost')
  await next('ready')
  t.equal(count, 2)
})

t.test('asking goes on until there is an answer, over connections, and ends with a refusal', async (t) => {
  const { io, connection, next } = await open(t)
  const asked: string[] = []
  io.on('connection', (socket) => {
    socket.emit('session:ready', ready)
    socket.on('room:leave', (_payload, ack: (answer: unknown) => void) => {
      asked.push('leave')
      if (asked.length === 1) socket.conn.close()
      else if (asked.length === 3) ack({ ok: false, error: { code: 'rate.limited', message: '', retryable: true, retryAfterMs: 10 } })
      else if (asked.length === 4) ack({ ok: true, data: {} })
    })
    socket.on('room:join', (_payload, ack: (answer: unknown) => void) => {
      ack({ ok: false, error: { code: 'room.not_found', message: 'none', retryable: false } })
    })
  })
  const early = connection.ask('room:leave', { roomId: 'x' })
  await t.rejects(early, { code: 'client.signed_out' }, 'nobody is signed in yet')
  connection.start()
  t.same(await connection.ask('room:leave', { roomId: 'x' }), {})
  t.equal(asked.length, 4, 'closed, unanswered, limited, done')
  await t.rejects(connection.ask('room:join', { roomId: 'x' }), { code: 'room.not_found', retryable: false })
  const waiting = connection.ask('typing:start', { roomId: 'x' })
  await next('ready')
  connection.stop(new ParleyError('client.closed'))
  await t.rejects(waiting, { code: 'client.closed' })
})

t.test('a draining server closes the transport: the next attempt follows at once', async (t) => {
  const { io, connection, next } = await open(t)
  let closedAt = 0
  io.on('connection', (socket) => {
    socket.emit('session:ready', ready)
    if (closedAt > 0) return
    socket.emit('server:draining', { reconnectAfterMs: 20 })
    setTimeout(() => {
      closedAt = Date.now()
      socket.conn.close()
    }, 20)
  })
  connection.start()
  await next('ready')
  t.equal(await next('event'), 'server:draining')
  await next('lost')
  await next('ready')
  t.ok(Date.now() - closedAt < 1000)
})
