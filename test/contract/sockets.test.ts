import { randomUUID } from 'node:crypto'
import type { Test } from 'tap'
import { startNode } from '../helpers/node.ts'
import { until } from '../helpers/until.ts'
import { people } from '../helpers/person.ts'
import type { Ack, TestSocket } from '../helpers/socket.ts'
import { closeSocketsFirst } from '../sockets/close-first.ts'
import { t } from '../suite.ts'
import { checkFailure } from './checks.ts'

const node = await startNode(t)
closeSocketsFirst(t, [node])
const [alice, bob] = await people(node, 'alice', 'bob')
const room = await alice.makeRoom()
await bob.join(room)

/** Below Socket.IO's client, which would not send such a thing: a packet as it goes over the wire, without its `4`. */
function sendRaw (socket: TestSocket, ...packets: Array<string | Buffer>): void {
  for (const packet of packets) socket.client.io.engine.send(packet)
}

/** A fence: whatever was sent before has been looked at, and the connection stands. */
async function expectAlive (t: Test, socket: TestSocket, what: string): Promise<void> {
  t.equal((await socket.ask('read:mark', { roomId: room.id, seq: 0 })).ok, true, what)
}

function expectRefusal (t: Test, { ok, ...failure }: Ack<unknown>, code: string, what: string): void {
  t.equal(ok, false, what)
  t.equal(checkFailure(failure), undefined, what)
  t.equal(failure.error?.code, code, what)
}

const bob1 = await bob.connect()

t.test('an unknown command is answered so, whatever it is called', async (t) => {
  const names = ['nonsense', '', 'message:send ', 'MESSAGE:SEND', '__proto__', 'constructor', 'toString', 'hasOwnProperty', 'error', 'join',
    'session:ready', 'room:events', 'session:ended', 'room:left', 'x'.repeat(10_000), 'message:send\0', '\ud800']
  const socket = await alice.connect()
  for (const name of names) expectRefusal(t, await socket.send(name, {}), 'command.unknown', JSON.stringify(name.slice(0, 30)))
  expectRefusal(t, await socket.send(5 as unknown as string, {}), 'command.unknown', 'a number')
  expectRefusal(t, await socket.send('nonsense'), 'command.unknown', 'without a payload')
  expectRefusal(t, await socket.send('nonsense', Buffer.from('x')), 'command.unknown', 'with bytes')
  await expectAlive(t, socket, 'the connection stands')
})

t.test('a command takes exactly one payload', async (t) => {
  const socket = await alice.connect()
  const payload = () => ({ roomId: room.id, id: randomUUID(), text: 'no' })
  for (const args of [[], [payload(), payload()], [payload(), null], [payload(), 1, 2, 3], [null, payload()]]) {
    expectRefusal(t, await socket.send('message:send', ...args), 'request.invalid', JSON.stringify(args.map((arg) => typeof arg)))
  }
  await expectAlive(t, socket, 'the connection stands')
})

t.test('bytes are no payload, and no text either', async (t) => {
  const socket = await alice.connect()
  const payload = { roomId: room.id, id: randomUUID(), text: 'no' }
  const bad = [Buffer.from('abc'), Buffer.alloc(0), Buffer.from(JSON.stringify(payload)), { ...payload, text: Buffer.from('abc') }, { ...payload, id: Buffer.from(payload.id) }, { ...payload, more: Buffer.alloc(9) }]
  for (const value of bad) expectRefusal(t, await socket.send('message:send', value), 'request.invalid', JSON.stringify(value).slice(0, 60))
  await expectAlive(t, socket, 'the connection stands')
})

t.test('without an ack a command is done, or refused, in silence', async (t) => {
  const socket = await alice.connect()
  const id = randomUUID()
  socket.client.emit('message:send', { roomId: room.id, id, text: 'nobody waits for this' })
  socket.client.emit('message:send', { roomId: room.id, id: 7, text: 'nor for this' })
  socket.client.emit('message:send')
  socket.client.emit('nonsense')
  socket.client.emit('nonsense', Buffer.from('x'))
  await bob1.next('room:events', ({ events }) => events.some((event) => event.id === id))
  await expectAlive(t, socket, 'the connection stands')
})

t.test('the same packet twice is answered twice, and is one message', async (t) => {
  const socket = await alice.connect()
  const id = randomUUID()
  const acks: string[] = []
  socket.client.io.engine.on('data', (data) => { if (String(data).startsWith('3777')) acks.push(String(data)) })
  const packet = `2777${JSON.stringify(['message:send', { roomId: room.id, id, text: 'twice' }])}`
  sendRaw(socket, packet, packet)
  await bob1.next('room:events', ({ events }) => events.some((event) => event.id === id))
  const { message } = await socket.do('message:send', { roomId: room.id, id: randomUUID(), text: 'a fence' })
  const log = await bob1.caughtUp(room.id, message.seq)
  t.equal(log.filter((event) => event.id === id).length, 1)
  await expectAlive(t, socket, 'the connection stands')
  // What stands already is read before it is answered, and may be answered after the fence.
  await until('both are answered', () => acks.length === 2)
  t.equal(acks[0], acks[1])
})

t.test('what is no packet costs its sender the transport, and nobody else anything', async (t) => {
  const broken: Record<string, Array<string | Buffer>> = {
    'half a JSON': ['2{'],
    'no list': ['2{"a":1}'],
    'no name': ['21[]'],
    'a name of the library': ['21["disconnect",{}]'],
    'another of those': ['21["connect",{}]'],
    'and another': ['21["newListener",{}]'],
    'an unknown kind': ['9["x"]'],
    'an event of a namespace that was not joined': ['2/admin,1["x",{}]'],
    'bytes that nobody announced': [Buffer.from('abc')],
    'bytes that are the name': ['51-1[{"_placeholder":true,"num":0}]', Buffer.from('abc')],
    'bytes that are not there': ['51-1["message:send",{"_placeholder":true,"num":7}]', Buffer.from('abc')],
    'more bytes than anybody waits for': ['599999-1["message:send",{"_placeholder":true,"num":0}]'],
    'text where bytes were announced': ['51-1["message:send",{"_placeholder":true,"num":0}]', '21["x",{}]'],
    'a second handshake': ['0'],
    'an error': ['4{"message":"x"}'],
    'too much for one packet': [`21["nonsense","${'x'.repeat(100_000)}"]`],
    '10 MB': [Buffer.alloc(10_000_000)]
  }
  for (const [what, packets] of Object.entries(broken)) {
    const socket = await alice.connect()
    sendRaw(socket, ...packets)
    t.match(await socket.next('disconnect'), /^transport (close|error)$/, what)
    // Such a client comes back by itself; this one by hand.
    t.equal((await socket.connect()).ready.user.id, alice.id, what)
    socket.close()
  }
  await expectAlive(t, bob1, 'bob has noticed nothing')
  t.notOk(bob1.received.some(({ event }) => event === 'disconnect'))
})

t.test('too much for one packet is refused over polling too', async (t) => {
  const socket = await alice.connect({ transports: ['polling'] })
  sendRaw(socket, `21["nonsense","${'x'.repeat(100_000)}"]`)
  t.match(await socket.next('disconnect'), /^transport (close|error)$/)
  await expectAlive(t, bob1, 'bob has noticed nothing')
})

t.test('a thousand pieces of garbage at once are all answered, and the node goes on', async (t) => {
  const socket = await alice.connect()
  const kinds: Array<[string, ...unknown[]]> = [
    ['nonsense', {}], ['message:send', null], ['message:send', { roomId: room.id }], ['room:sync', { rooms: [1, 2, 3] }],
    ['room:join', []], ['message:send', { roomId: randomUUID(), id: randomUUID(), text: 'x' }], ['__proto__', { __proto__: null }]
  ]
  const answers = await Promise.all(Array.from({ length: 1000 }, (_, index) => socket.send(...kinds[index % kinds.length] as [string])))
  t.same(answers.filter(({ ok, ...failure }) => ok || checkFailure(failure) !== undefined), [])
  const codes = new Set(answers.map(({ error }) => error?.code))
  t.same([...codes].toSorted(), ['command.unknown', 'request.invalid', 'room.not_found'])
  await expectAlive(t, socket, 'the connection stands')
  await expectAlive(t, bob1, 'and bob\'s')
})

t.test('commands sent before session:ready wait for it, and keep their order', async (t) => {
  const socket = alice.socket()
  const connected = socket.connect()
  const texts = Array.from({ length: 20 }, (_, index) => `early ${index}`)
  const sent = await Promise.all(texts.map((text) => socket.do('message:send', { roomId: room.id, id: randomUUID(), text })))
  await connected
  t.same(sent.toSorted((a, b) => a.message.seq - b.message.seq).map(({ message }) => message.text), texts)
  t.equal(socket.received[0]?.event, 'session:ready')
  const first = socket.ready.rooms[0]?.lastSeq ?? 0
  const log = await socket.caughtUp(room.id, sent.at(-1)?.message.seq ?? 0)
  t.same(log.map(({ seq }) => seq), log.map((_, index) => first + 1 + index))
})
