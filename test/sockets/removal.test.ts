import { randomUUID } from 'node:crypto'
import type { Room, RoomEvent } from '../../contract/index.ts'
import { startNodes } from '../helpers/node.ts'
import { people } from '../helpers/person.ts'
import type { TestSocket } from '../helpers/socket.ts'
import { t } from '../suite.ts'
import { codeOf, complaintsAbout, tell } from './checked.ts'
import { closeSocketsFirst } from './close-first.ts'

const nodes = await startNodes(t, 3)
closeSocketsFirst(t, nodes)
const [one, two, three] = nodes
const [alice, bob, carol, dave] = await people(one, 'alice', 'bob', 'carol', 'dave')
const writers = [await alice.connect(), await carol.at(two).connect(), await dave.at(three).connect()]
const bobs = await Promise.all([...nodes.map((node) => bob.at(node).connect()), bob.at(two).connect({ transports: ['polling'] })])
const other = await bob.makeRoom()

async function makeRoom (kind: 'public' | 'private'): Promise<Room> {
  const room = await alice.makeRoom({ kind })
  for (const person of [bob, carol, dave]) await alice.add(room, person)
  for (const socket of [...writers, ...bobs]) await socket.next('room:joined', (state) => state.room.id === room.id)
  return room
}

/** Everybody writes, from all nodes, while something is done in the middle of it. */
async function amidMessages (room: Room, work: () => Promise<void>): Promise<void> {
  let isOver = false
  const writing = writers.map(async (writer) => {
    while (!isOver) await Promise.all([1, 2, 3].map(() => tell(writer, 'message:send', { roomId: room.id, id: randomUUID(), text: 'hello' })))
  })
  await writers[0]?.caughtUp(room.id, 10)
  await work()
  isOver = true
  await Promise.all(writing)
}

/** Shows that whatever was on its way to these sockets has arrived. */
async function fence (room: Room, sockets: TestSocket[], sender: TestSocket): Promise<number> {
  const { message } = await tell(sender, 'message:send', { roomId: room.id, id: randomUUID(), text: 'a fence' })
  for (const socket of sockets) await socket.caughtUp(room.id, message.seq)
  return message.seq
}

async function readLog ({ id }: Room): Promise<RoomEvent[]> {
  return (await alice.get(`/rooms/${id}/events?limit=500`)).body.events
}

t.test('S4: a removed member sees no event at or after member.left, on any node; everybody else sees all', async (t) => {
  for (let round = 0; round < 9; round++) {
    const room = await makeRoom(round % 2 ? 'public' : 'private')
    await amidMessages(room, async () => { await alice.at(nodes[round % 3] ?? one).remove(room, bob) })
    for (const socket of bobs) t.same(await socket.next('room:left'), { roomId: room.id })
    const last = await fence(room, writers, writers[round % 3] ?? alice1())
    await fence(other, bobs, bobs[0] ?? alice1())

    const log = await readLog(room)
    const left = log.find(({ type }) => type === 'member.left')?.seq ?? 0
    t.ok(left > 10 && left < last)
    for (const socket of bobs) {
      t.equal(Math.max(...socket.log(room.id).map(({ seq }) => seq)), left - 1, 'all up to there, and nothing from there on')
      t.equal(await codeOf(socket, 'message:send', { roomId: room.id, id: randomUUID(), text: 'x' }), room.kind === 'public' ? 'request.forbidden' : 'room.not_found')
    }
    for (const writer of writers) t.same(writer.log(room.id).map(({ seq }) => seq).filter((seq) => seq > 4), log.map(({ seq }) => seq).filter((seq) => seq > 4))
  }
  for (const socket of [...bobs, ...writers]) t.same(complaintsAbout(socket), [])
})

function alice1 (): TestSocket {
  const [socket] = writers
  if (!socket) throw new Error('alice has a socket.')
  return socket
}

t.test('S4: what somebody who is removed sends meanwhile is in the log before member.left, or nowhere', async (t) => {
  for (let round = 0; round < 6; round++) {
    const room = await makeRoom('private')
    const sends: Array<Promise<string>> = []
    await amidMessages(room, async () => {
      const send = (socket: TestSocket) => codeOf(socket, 'message:send', { roomId: room.id, id: randomUUID(), text: 'mine' })
      sends.push(...bobs.map(send))
      const removal = alice.at(three).remove(room, bob)
      for (let count = 0; count < 10; count++) sends.push(...bobs.map(send))
      await removal
      sends.push(...bobs.map(send))
      await Promise.all(sends)
    })
    const codes = await Promise.all(sends)
    t.same(codes.filter((code) => code !== 'ok' && code !== 'room.not_found'), [])
    t.same(codes.slice(-bobs.length), bobs.map(() => 'room.not_found'))
    const log = await readLog(room)
    const left = log.find(({ type }) => type === 'member.left')?.seq ?? 0
    t.same(log.filter(({ seq, actorId }) => seq > left && actorId === bob.id), [])
    t.equal(log.filter(({ type, actorId }) => type === 'message.sent' && actorId === bob.id).length, codes.filter((code) => code === 'ok').length)
  }
})

t.test('somebody who is removed and added again and again is told, each time, all from room:joined to room:left', async (t) => {
  const room = await makeRoom('private')
  await amidMessages(room, async () => {
    for (let round = 0; round < 15; round++) {
      await alice.at(nodes[round % 3] ?? one).remove(room, bob)
      await alice.at(nodes[(round + round % 2) % 3] ?? one).add(room, bob)
    }
  })
  const last = await fence(room, [...writers, ...bobs], alice1())
  for (const socket of [...bobs, ...writers]) t.same(complaintsAbout(socket), [])
  // Nobody hears of their own leaving: it is the first that is not theirs to see.
  for (const socket of bobs) {
    t.same(socket.log(room.id).filter(({ type, data }) => type === 'member.left' && 'userId' in data && data.userId === bob.id), [])
    t.equal(socket.received.filter(({ event, payload }) => event === 'room:left' && (payload as { roomId: string }).roomId === room.id).length > 0, true)
  }
  // Once in again, one may see what came meanwhile; once out for good, nothing.
  await alice.remove(room, bob)
  for (const socket of bobs) await socket.next('room:left', ({ roomId }) => roomId === room.id)
  await fence(room, writers, alice1())
  await fence(other, bobs, bobs[0] ?? alice1())
  for (const socket of bobs) t.ok(Math.max(...socket.log(room.id).map(({ seq }) => seq)) <= last)
})

t.test('a room that is deleted amid messages: everybody is told, and nothing comes after it', async (t) => {
  for (let round = 0; round < 3; round++) {
    const room = await makeRoom('private')
    let isOver = false
    const writing = writers.map(async (writer) => {
      while (!isOver) await codeOf(writer, 'message:send', { roomId: room.id, id: randomUUID(), text: 'hello' })
    })
    await alice1().caughtUp(room.id, 10)
    t.equal((await alice.at(nodes[round] ?? one).delete(`/rooms/${room.id}`)).status, 204)
    for (const socket of [...writers, ...bobs]) await socket.next('room:left', ({ roomId }) => roomId === room.id)
    isOver = true
    await Promise.all(writing)
    await fence(other, bobs, bobs[0] ?? alice1())
    for (const socket of [...writers, ...bobs]) t.same(complaintsAbout(socket), [])
  }
})
