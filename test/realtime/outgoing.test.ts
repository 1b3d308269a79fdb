import { randomUUID } from 'node:crypto'
import type { Socket as TcpSocket } from 'node:net'
import { toFrame } from '../../realtime/outgoing.ts'
import { startNode, startNodes, type TestNode } from '../helpers/node.ts'
import { people, type Person } from '../helpers/person.ts'
import { t } from '../suite.ts'

/** Of the one websocket that the person has on the node. */
function tcpOf (node: TestNode, userId: string): TcpSocket {
  const socket = [...node.app.realtime.io.sockets.sockets.values()].find(({ data }) => data.actor.userId === userId)
  return (socket?.conn.transport as unknown as { socket: { _socket: TcpSocket } }).socket._socket
}

/** Counts what is handed to the kernel. */
function countWrites (tcp: TcpSocket): () => number {
  let count = 0
  for (const name of ['_write', '_writev'] as const) {
    const original = tcp[name] as (...args: unknown[]) => void
    Object.assign(tcp, { [name]: (...args: unknown[]) => { count++; original.apply(tcp, args) } })
  }
  return () => count
}

const websocket = { transports: ['websocket'] }
const connect = (person: Person) => person.connect(websocket)

t.test('somebody\'s own message and its ack come in one write', async (t) => {
  const node = await startNode(t)
  const [alice] = await people(node, 'alice')
  const room = await alice.makeRoom()
  const socket = await connect(alice)
  const writes = countWrites(tcpOf(node, socket.ready.user.id))
  const { message } = await socket.do('message:send', { roomId: room.id, id: randomUUID(), text: 'hi' })
  t.same((await socket.caughtUp(room.id, message.seq)).map(({ seq }) => seq), [message.seq])
  t.equal(writes(), 1)
})

t.test('an event is encoded once, however many listeners and nodes there are', async (t) => {
  const [one, two] = await startNodes(t, 2)
  const [alice, bob, carol] = await people(one, 'alice', 'bob', 'carol')
  const room = await alice.makeRoom()
  for (const person of [bob, carol]) await person.join(room)
  const sockets = await Promise.all([alice, bob, carol.at(two)].map(connect))
  const text = randomUUID()
  const { stringify } = JSON
  let encodes = 0
  t.teardown(() => { JSON.stringify = stringify })
  JSON.stringify = ((...args: Parameters<typeof stringify>) => {
    const json = stringify(...args)
    if (json?.includes(text) && json.includes('"message.sent"')) encodes++
    return json
  }) as typeof stringify
  const { message } = await sockets[0]?.do('message:send', { roomId: room.id, id: randomUUID(), text }) ?? {}
  for (const socket of sockets) t.match((await socket.caughtUp(room.id, message?.seq ?? 0)).at(-1), { data: { text } })
  t.equal(encodes, 1)
})

t.test('a frame says how long it is, at every length that is written in its own way', (t) => {
  for (const [length, header] of [[0, [0x81, 0]], [125, [0x81, 125]], [126, [0x81, 126, 0, 126]], [65_535, [0x81, 126, 255, 255]],
    [65_536, [0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0]]] as const) {
    const frame = toFrame('x'.repeat(length))
    t.same([...frame.subarray(0, header.length)], header)
    t.equal(frame.length, header.length + length)
  }
  t.equal(toFrame('é')[1], 2, 'in bytes')
  t.end()
})
