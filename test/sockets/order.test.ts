import { randomUUID } from 'node:crypto'
import type { RoomEvent } from '../../contract/index.ts'
import { startNodes } from '../helpers/node.ts'
import { people } from '../helpers/person.ts'
import { t } from '../suite.ts'
import { codeOf, complaintsAbout, tell } from './checked.ts'

const nodes = await startNodes(t, 3)
const [one, two, three] = nodes
const [alice, bob, carol, mallory] = await people(one, 'alice', 'bob', 'carol', 'mallory')

t.test('scenario 19: messages of several senders on three nodes stand in the same order for every reader', async (t) => {
  const room = await alice.makeRoom()
  for (const person of [bob, carol]) await person.join(room)
  const sockets = await Promise.all([alice, bob, carol].flatMap((person) => nodes.map((node) => person.at(node).connect())))
  const sends = sockets.flatMap((socket) => Array.from({ length: 20 }, (_, index) =>
    tell(socket, 'message:send', { roomId: room.id, id: randomUUID(), text: `${index}` })))
  const sent = await Promise.all(sends)
  const last = Math.max(...sent.map(({ message }) => message.seq))
  const logs = await Promise.all(sockets.map((socket) => socket.caughtUp(room.id, last)))
  for (const log of logs) t.same(log, logs[0])
  for (const socket of sockets) t.same(complaintsAbout(socket), [])
  // And what one connection sent, in the order in which it sent it.
  for (let start = 0; start < sent.length; start += 20) {
    const seqs = sent.slice(start, start + 20).map(({ message }) => message.seq)
    t.same(seqs, seqs.toSorted((a, b) => a - b))
  }
})

t.test('scenario 17: the ack never came, and the client sends again from another node: it is there once', async (t) => {
  const room = await alice.makeRoom()
  await bob.join(room)
  const bob3 = await bob.at(three).connect()
  const ids: string[] = []
  for (let round = 0; round < 20; round++) {
    const id = randomUUID()
    ids.push(id)
    const dying = await alice.connect()
    dying.client.emit('message:send', { roomId: room.id, id, text: `${round}` })
    // Cut at different moments: before it was read, while it is on its way, after it was committed.
    if (round % 2) await new Promise((resolve) => setImmediate(resolve))
    if (round % 4 === 3) await bob3.next('room:events', ({ events }) => events.some((event) => event.id === id))
    dying.close()
    const next = await alice.at(round % 2 ? two : three).connect()
    const { message } = await tell(next, 'message:send', { roomId: room.id, id, text: `${round}` })
    t.equal(message.id, id)
    next.close()
  }
  const fence = await alice.send(room, 'a fence')
  const log = await bob3.caughtUp(room.id, fence.seq)
  t.same(log.filter(({ id }) => id !== fence.id).map(({ id }) => id), ids)
  t.same(complaintsAbout(bob3), [])
})

t.test('scenario 20: who was away, comes back to another node and syncs, has everything once', async (t) => {
  const room = await alice.makeRoom()
  await bob.join(room)
  const alice1 = await alice.connect()
  const kept = new Map<number, RoomEvent>()
  let isOver = false
  const writing = (async () => {
    while (!isOver) await Promise.all([1, 2].map(() => tell(alice1, 'message:send', { roomId: room.id, id: randomUUID(), text: 'hello' })))
  })()
  let tail = 2
  for (let round = 0; round < 12; round++) {
    const socket = await bob.at(nodes[round % 3] ?? one).connect()
    for (let hasMore = true; hasMore;) {
      const { rooms: [synced] } = await tell(socket, 'room:sync', { rooms: [{ roomId: room.id, after: tail }] })
      t.equal(synced?.reset, undefined)
      for (const event of synced?.events ?? []) kept.set(event.seq, event)
      tail = Math.max(tail, ...(synced?.events ?? []).map(({ seq }) => seq))
      hasMore = synced?.hasMore ?? false
    }
    for (const event of await socket.caughtUp(room.id, tail + 1)) kept.set(event.seq, event)
    while (kept.has(tail + 1)) tail++
    t.equal(Math.max(...kept.keys()), tail, 'without a gap')
    t.same(complaintsAbout(socket), [])
    socket.close()
  }
  isOver = true
  await writing
  const log = (await alice.get(`/rooms/${room.id}/events?after=2&limit=500`)).body.events
  t.same([...kept.values()].toSorted((a, b) => a.seq - b.seq).slice(0, log.length), log.slice(0, kept.size))
})

t.test('scenario 21: a socket acts for its session\'s user, whatever its payload and its handshake say', async (t) => {
  const room = await alice.makeRoom({ kind: 'private' })
  const socket = await mallory.connect({ auth: { userId: alice.id, user: alice.user, token: 'x' }, query: { userId: alice.id }, extraHeaders: { 'x-user-id': alice.id } })
  t.equal(socket.ready.user.id, mallory.id)
  t.equal(await codeOf(socket, 'message:send', { roomId: room.id, id: randomUUID(), text: 'x' }), 'room.not_found')
  const own = await mallory.makeRoom()
  for (const field of ['userId', 'actorId', 'authorId', 'user', 'sender']) {
    t.equal(await codeOf(socket, 'message:send', { roomId: own.id, id: randomUUID(), text: 'x', [field]: alice.id }), 'request.invalid')
  }
  const { message } = await tell(socket, 'message:send', { roomId: own.id, id: randomUUID(), text: 'x' })
  t.equal(message.authorId, mallory.id)
})
