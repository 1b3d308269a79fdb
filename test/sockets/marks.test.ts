import { randomUUID } from 'node:crypto'
import { startNodes } from '../helpers/node.ts'
import { people } from '../helpers/person.ts'
import { t } from '../suite.ts'
import { codeOf, complaintsAbout, tell } from './checked.ts'

const [one, two, three] = await startNodes(t, 3)
const [alice, bob, carol, mallory] = await people(one, 'alice', 'bob', 'carol', 'mallory')
const room = await alice.makeRoom({ kind: 'private' })
const elsewhere = await mallory.makeRoom()
const roomId = room.id
for (const person of [bob, carol]) await alice.add(room, person)
const [alice1, alice2] = [await alice.connect(), await alice.at(two).connect()]
const [bob2, carol3, mallory3] = [await bob.at(two).connect(), await carol.at(three).connect(), await mallory.at(three).connect()]

t.test('read:mark moves forward only, and is told to my other sockets, and to nobody else', async (t) => {
  for (let count = 0; count < 3; count++) await carol.send(room, `${count}`)
  t.same(await tell(alice1, 'read:mark', { roomId, seq: 5 }), { readSeq: 5 })
  t.same(await alice2.next('read:marked'), { roomId, seq: 5 })
  for (const seq of [5, 4, 0]) t.same(await tell(alice2, 'read:mark', { roomId, seq }), { readSeq: 5 })
  t.same(await tell(alice2, 'read:mark', { roomId, seq: 999 }), { readSeq: 6 }, 'and no further than the end')
  t.same(await alice1.next('read:marked'), { roomId, seq: 6 }, 'what did not move was not told')
  t.equal(await codeOf(mallory3, 'read:mark', { roomId, seq: 1 }), 'room.not_found')
  const fence = await carol.send(room, 'a fence')
  for (const socket of [alice1, alice2, bob2, carol3]) await socket.caughtUp(roomId, fence.seq)
  const marks = (socket: typeof alice1) => socket.received.filter(({ event }) => event === 'read:marked').length
  t.same([alice1, alice2, bob2, carol3].map(marks), [1, 1, 0, 0])
})

t.test('typing is told to the others in the room, once, and ends when it is stopped', async (t) => {
  t.same(await tell(alice1, 'typing:start', { roomId }), {})
  for (const socket of [bob2, carol3]) t.same(await socket.next('typing:changed'), { roomId, userId: alice.id, isTyping: true })
  for (let count = 0; count < 5; count++) await tell(count % 2 ? alice1 : alice2, 'typing:start', { roomId })
  await tell(alice2, 'typing:stop', { roomId })
  for (const socket of [bob2, carol3]) t.same(await socket.next('typing:changed'), { roomId, userId: alice.id, isTyping: false })
  await tell(alice1, 'typing:stop', { roomId })
  for (const command of ['typing:start', 'typing:stop'] as const) t.equal(await codeOf(mallory3, command, { roomId }), 'room.not_found')
})

t.test('typing ends by itself after 6 s on every node, and with a message, with leaving', async (t) => {
  await tell(bob2, 'typing:start', { roomId })
  const started = Date.now()
  const ofBob = ({ userId }: { userId: string }) => userId === bob.id
  for (const socket of [alice1, alice2, carol3]) t.match(await socket.next('typing:changed', ofBob), { isTyping: true })
  await tell(carol3, 'typing:start', { roomId })
  const ofCarol = ({ userId }: { userId: string }) => userId === carol.id
  for (const socket of [alice1, bob2]) t.match(await socket.next('typing:changed', ofCarol), { isTyping: true })
  await carol.leave(room)
  for (const socket of [alice1, bob2]) t.match(await socket.next('typing:changed', ofCarol), { isTyping: false })
  for (const socket of [alice1, alice2]) t.match(await socket.next('typing:changed', ofBob, 8000), { isTyping: false })
  t.ok(Date.now() - started >= 5500, 'not too early')
  await tell(bob2, 'typing:start', { roomId })
  t.match(await alice1.next('typing:changed', ofBob), { isTyping: true })
  await bob.at(three).send(room, 'sent by REST, from another node')
  t.match(await alice1.next('typing:changed', ofBob), { isTyping: false })
})

t.test('it was never told to the one who types, nor to anybody outside', async (t) => {
  const fence = await alice.send(room, 'a fence')
  await mallory3.do('message:send', { roomId: elsewhere.id, id: randomUUID(), text: 'a fence' })
  await mallory3.caughtUp(elsewhere.id, 2)
  for (const [person, sockets] of [[alice, [alice1, alice2]], [bob, [bob2]]] as const) {
    for (const socket of sockets) {
      await socket.caughtUp(roomId, fence.seq)
      t.notOk(socket.received.some(({ event, payload }) => event === 'typing:changed' && (payload as { userId: string }).userId === person.id))
    }
  }
  t.same(mallory3.received.map(({ event }) => event), ['session:ready', 'room:events'])
  for (const socket of [alice1, alice2, bob2, carol3, mallory3]) t.same(complaintsAbout(socket), [])
})
