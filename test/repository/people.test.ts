import { randomUUID } from 'node:crypto'
import { startNodes } from '../helpers/node.ts'
import { people, person, stranger } from '../helpers/person.ts'
import { TestSocket } from '../helpers/socket.ts'
import { t } from '../suite.ts'

t.test('people sign in, meet in a room and hear each other on any node', async (t) => {
  const [n1, n2, n3] = await startNodes(t, 3)
  const [alice, bob, mallory] = await people(n1, 'alice', 'bob', 'mallory')
  const room = await alice.makeRoom()
  await bob.at(n2).join(room)
  const bobSocket = await bob.at(n2).connect()
  const mallorySocket = await mallory.at(n3).connect()
  const aliceSocket = await alice.connect()

  t.equal(bobSocket.ready.node, 'n2')
  const { message } = await aliceSocket.do('message:send', { roomId: room.id, id: randomUUID(), text: 'hello' })
  const log = await bobSocket.caughtUp(room.id, message.seq)
  t.match(log.at(-1), { type: 'message.sent', data: { text: 'hello' } })
  const { events } = await bobSocket.next('room:events', ({ roomId }) => roomId === room.id)
  t.equal(events[0]?.seq, log[0]?.seq)
  t.match(await mallorySocket.ask('message:send', { roomId: room.id, id: randomUUID(), text: 'hi' }), { ok: false, error: { code: 'request.forbidden' } })
  t.same(mallorySocket.log(room.id), [])
})

t.test('a wait that is in vain says what arrived', async (t) => {
  const [node] = await startNodes(t, 1)
  const alice = await person(node, 'alice')
  const socket = await alice.connect()

  await t.rejects(socket.next('room:left', undefined, 50), { message: /Waited 50 ms for room:left\. What arrived[^]*session:ready/ })
  await t.rejects(socket.do('room:join', { roomId: randomUUID() }), { message: /room:join was refused: room\.not_found/ })
})

t.test('a stranger gets no socket, and is told why', async (t) => {
  const [node] = await startNodes(t, 1)

  t.match(await new TestSocket(node).refusal(), { code: 'session.required' })
  await t.rejects(new TestSocket(node).connect(), { message: /refused: session\.required/ })
  t.match(await stranger(node).get('/rooms'), { status: 401, body: { error: { code: 'session.required' } } })
})

t.test('the same name again is a second device', async (t) => {
  const [node] = await startNodes(t, 1)
  const phone = await person(node, 'alice')
  const laptop = await person(node, 'alice')

  t.equal(phone.id, laptop.id)
  t.not(phone.jar.get('sid'), laptop.jar.get('sid'))
  t.equal((await phone.get('/auth/sessions')).body.sessions.length, 2)
  await phone.post('/auth/logout')
  t.equal(phone.jar.header, undefined, 'the jar forgets what the server takes back')
})
