import { randomUUID } from 'node:crypto'
import type { Room } from '../../contract/index.ts'
import { startNodes } from '../helpers/node.ts'
import { people } from '../helpers/person.ts'
import type { TestSocket } from '../helpers/socket.ts'
import { t } from '../suite.ts'
import { ask, codeOf, complaintsAbout, tell } from './checked.ts'
import { closeSocketsFirst } from './close-first.ts'

const [one, two, three] = await startNodes(t, 3)
closeSocketsFirst(t, [one, two, three])
const [alice, bob, carol, mallory] = await people(one, 'alice', 'bob', 'carol', 'mallory')

const say = (socket: TestSocket, { id: roomId }: Room, text = 'hello') => tell(socket, 'message:send', { roomId, id: randomUUID(), text })

t.test('room:join is membership: it reaches all my sockets on all nodes, once, before the room\'s events', async (t) => {
  const room = await alice.makeRoom()
  await alice.send(room, 'before')
  const alice1 = await alice.connect()
  const bobs = [await bob.connect(), await bob.at(two).connect(), await bob.at(three).connect({ transports: ['polling'] })]
  const [bob1 = alice1, ...others] = bobs
  const carol2 = await carol.at(two).connect()

  const { room: joined, lastSeq, epoch, readSeq, unread } = await tell(bob1, 'room:join', { roomId: room.id })
  t.match(joined, { id: room.id, kind: 'public', memberCount: 2 })
  t.same({ lastSeq, readSeq, unread }, { lastSeq: 3, readSeq: 3, unread: 0 }, 'whoever comes begins at the end')
  for (const socket of bobs) t.match(await socket.next('room:joined'), { room: { id: room.id }, epoch, readSeq: 3, unread: 0 })
  t.match(await alice1.next('room:events', ({ events }) => events.some(({ type }) => type === 'member.joined')), {
    events: [{ seq: 3, actorId: bob.id, data: { userId: bob.id, role: 'member' } }]
  })

  for (let count = 0; count < 3; count++) {
    const again = await tell(bobs[count] ?? bob1, 'room:join', { roomId: room.id })
    t.match(again, { lastSeq: 3, epoch }, 'joining again makes no event')
  }
  const { message } = await say(alice1, room)
  t.equal(message.seq, 4)
  for (const socket of bobs) {
    await socket.caughtUp(room.id, 4)
    t.equal(socket.received.filter(({ event }) => event === 'room:joined').length, 1)
  }
  for (const socket of [alice1, ...others, bob1, carol2]) t.same(complaintsAbout(socket), [])
  t.same(carol2.received.map(({ event }) => event), ['session:ready'], 'and nobody else')
})

t.test('what REST does to memberships, sockets are told as well', async (t) => {
  const room = await alice.makeRoom({ kind: 'private' })
  const bobs = [await bob.at(two).connect(), await bob.at(three).connect()]
  await alice.add(room, bob)
  for (const socket of bobs) t.match(await socket.next('room:joined'), { room: { id: room.id }, lastSeq: 2 })
  await alice.remove(room, bob)
  for (const socket of bobs) t.same(await socket.next('room:left'), { roomId: room.id })
  await alice.add(room, bob)
  for (const socket of bobs) t.match(await socket.next('room:joined'), { lastSeq: 4 })
  const made = await bob.makeRoom()
  for (const socket of bobs) t.match(await socket.next('room:joined'), { room: { id: made.id }, lastSeq: 1, unread: 0 })
  for (const socket of bobs) t.same(complaintsAbout(socket), [])
})

t.test('room:leave ends it on all my sockets; they hear nothing of the room any more', async (t) => {
  const [room, other] = [await alice.makeRoom(), await alice.makeRoom()]
  for (const each of [room, other]) await bob.join(each)
  const alice1 = await alice.connect()
  const bobs = [await bob.connect(), await bob.at(two).connect(), await bob.at(three).connect()]
  await Promise.all(bobs.map((socket) => ask(socket, 'room:leave', { roomId: room.id })))
  for (const socket of bobs) t.same(await socket.next('room:left'), { roomId: room.id })
  await say(alice1, room)
  const { message: fence } = await say(alice1, other)
  for (const socket of bobs) {
    await socket.caughtUp(other.id, fence.seq)
    t.same(socket.log(room.id), [])
    t.same(complaintsAbout(socket), [])
  }
  t.equal(await codeOf(bobs[1] ?? alice1, 'room:leave', { roomId: room.id }), 'request.forbidden', 'a public room that one is not in')
  t.same((await alice1.caughtUp(room.id, 4)).map(({ type, seq }) => [seq, type]), [[3, 'member.left'], [4, 'message.sent']])
})

t.test('who may not join is told so, and who left may come back to a public room only', async (t) => {
  const [open, closed] = [await alice.makeRoom(), await alice.makeRoom({ kind: 'private' })]
  const socket = await mallory.at(two).connect()
  t.equal(await codeOf(socket, 'room:join', { roomId: closed.id }), 'room.not_found')
  t.equal(await codeOf(socket, 'room:leave', { roomId: closed.id }), 'room.not_found')
  t.equal(await codeOf(socket, 'room:join', { roomId: randomUUID() }), 'room.not_found')
  await alice.add(closed, mallory)
  t.equal(await codeOf(socket, 'room:join', { roomId: closed.id }), 'ok')
  t.equal(await codeOf(socket, 'room:leave', { roomId: closed.id }), 'ok')
  t.equal(await codeOf(socket, 'room:join', { roomId: closed.id }), 'room.not_found')
  for (let round = 0; round < 5; round++) {
    t.equal(await codeOf(socket, 'room:join', { roomId: open.id }), 'ok')
    t.equal(await codeOf(socket, 'room:leave', { roomId: open.id }), 'ok')
  }
  t.equal((await alice.get(`/rooms/${open.id}/events?after=1`)).body.events.length, 10)
  t.same(complaintsAbout(socket), [])
})

t.test('the first event after a join is lastSeq + 1, also while others are writing', async (t) => {
  const writers = [await alice.connect(), await carol.at(two).connect()]
  for (let round = 0; round < 25; round++) {
    const room = await alice.makeRoom()
    await carol.join(room)
    const socket = await bob.at(three).connect()
    const second = await bob.at(three).connect()
    let isOver = false
    const writing = writers.map(async (writer) => {
      for (let count = 0; count < 30 && !isOver; count++) await say(writer, room, `${count}`)
    })
    const { data, place } = await ask(socket, 'room:join', { roomId: room.id })
    isOver = true
    await Promise.all(writing)
    const { message: last } = await say(writers[0] as TestSocket, room, 'the last')
    const log = await socket.caughtUp(room.id, last.seq)
    await second.caughtUp(room.id, last.seq)
    t.equal(log[0]?.seq, (data?.lastSeq ?? 0) + 1)
    t.ok(socket.received.slice(0, place).some(({ event }) => event === 'room:joined'), 'room:joined is told before the ack')
    for (const each of [socket, second]) {
      t.same(complaintsAbout(each), [])
      each.close()
    }
  }
})

t.test('D2: a room that becomes local on a node while others write: the first live event is lastSeq + 1', async (t) => {
  const writers = [await alice.connect(), await carol.at(two).connect()]
  for (let round = 0; round < 50; round++) {
    const room = await alice.makeRoom()
    await carol.join(room)
    await bob.join(room)
    let isOver = false
    const writing = writers.map(async (writer) => {
      for (let count = 0; count < 40 && !isOver; count++) await Promise.all([say(writer, room), say(writer, room)])
    })
    const sockets = await Promise.all([bob.at(three).connect(), bob.at(three).connect({ transports: ['polling'] })])
    isOver = true
    await Promise.all(writing)
    const { message: last } = await say(writers[round % 2] as TestSocket, room, 'the last')
    for (const socket of sockets) {
      const state = socket.ready.rooms.find((state) => state.room.id === room.id)
      const log = await socket.caughtUp(room.id, last.seq)
      const first = (state?.lastSeq ?? 0) + 1
      t.same(log.map(({ seq }) => seq), Array.from({ length: last.seq - first + 1 }, (_, index) => first + index), `round ${round}`)
      t.same(complaintsAbout(socket), [])
      socket.close()
    }
    await bob.leave(room)
  }
})

t.test('members are counted exactly as of where a connection begins, while others come and go', async (t) => {
  const room = await alice.makeRoom()
  const crowd = [bob, carol, mallory]
  const comeAndGo = async () => {
    for (let round = 0; round < 3; round++) {
      await Promise.all(crowd.map((person) => person.join(room)))
      await Promise.all(crowd.map((person) => person.leave(room)))
    }
    await bob.join(room)
  }
  const connections = async (node: typeof two) => {
    const sockets = []
    for (let count = 0; count < 6; count++) sockets.push(await alice.at(node).connect())
    return sockets
  }
  const [, ...connected] = await Promise.all([comeAndGo(), connections(two), connections(three)])
  const { message } = await say(await alice.connect(), room, 'who is here?')
  for (const socket of connected.flat()) {
    const state = socket.ready.rooms.find((state) => state.room.id === room.id)
    const later = message.seq > (state?.lastSeq ?? 0) ? await socket.caughtUp(room.id, message.seq) : []
    const moves = later.map(({ type }) => type === 'member.joined' ? 1 : type === 'member.left' ? -1 : 0)
    t.equal(moves.reduce<number>((sum, move) => sum + move, state?.room.memberCount ?? NaN), 2)
  }
})
