import { randomUUID } from 'node:crypto'
import type { Room } from '../../contract/index.ts'
import { call } from '../contract/call.ts'
import type { Answer } from '../helpers/api.ts'
import { startNodes } from '../helpers/node.ts'
import { people, type Person } from '../helpers/person.ts'
import { codeOf, complaintsAbout, tell } from '../sockets/checked.ts'
import { t } from '../suite.ts'

const [one, two] = await startNodes(t, 2)
const [alice, adam, bob, carol, mallory] = await people(one, 'alice', 'adam', 'bob', 'carol', 'mallory')

/** With a message of bob's at seq 4. */
async function makeRoom (): Promise<Room> {
  const room = await alice.makeRoom({ kind: 'public', topic: 'Milk' })
  await alice.add(room, adam, 'admin')
  await alice.add(room, bob)
  await bob.send(room, 'hello')
  return room
}

const change = (person: Person, { id: roomId }: Room, body: object) => call(person, 'changeRoom', { params: { roomId }, body })
const codeOfAnswer = ({ status, body }: Answer): string | number => status < 300 ? status : body.error.code
const events = async (room: Room) => (await call(alice, 'readEvents', { params: { roomId: room.id } })).body.events

t.test('owners and admins archive a room and open it again; the log says so, and asking twice makes no event', async (t) => {
  const room = await makeRoom()
  t.equal(room.archivedAt, null)
  const { body: { room: archived } } = await change(adam, room, { archived: true })
  t.match(archived, { ...room, memberCount: 3, archivedAt: /Z$/ })
  t.same((await change(alice.at(two), room, { archived: true })).body.room, archived)
  t.same((await call(bob, 'getRoom', { params: { roomId: room.id } })).body.room, archived)
  t.match((await events(room)).slice(4), [{ type: 'room.changed', actorId: adam.id, data: { archivedAt: archived.archivedAt } }])
  t.match((await change(alice, room, { archived: false })).body.room, { archivedAt: null })
  await change(alice, room, { archived: false })
  t.same((await events(room)).slice(5).map(({ data }) => data), [{ archivedAt: null }])
  for (const [person, code] of [[bob, 'request.forbidden'], [mallory, 'request.forbidden']] as const) t.equal(codeOfAnswer(await change(person, room, { archived: true })), code)
  const direct = (await call(alice, 'openDirectRoom', { body: { userId: bob.id } })).body.room
  t.equal(codeOfAnswer(await change(alice, direct, { archived: true })), 'request.forbidden')
  for (const value of ['true', 1, null]) t.equal(codeOfAnswer(await change(alice, room, { archived: value })), 'request.invalid')
})

t.test('in an archived room nothing is written, by REST or by socket', async (t) => {
  const room = await makeRoom()
  await bob.send(room, 'and more')
  await change(alice, room, { archived: true })
  const roomId = room.id
  const id = () => randomUUID()
  const of = (userId: string) => ({ params: { roomId, userId } })
  const refused: Array<[string, Promise<Answer>]> = [
    ['send', call(bob, 'sendMessage', { params: { roomId }, body: { id: id(), text: 'x' } })],
    ['send to somebody', call(bob, 'sendMessage', { params: { roomId }, body: { id: id(), text: '@alice' } })],
    ['edit', call(bob, 'editMessage', { params: { roomId, seq: 4 }, body: { id: id(), text: 'x' } })],
    ['delete', call(alice, 'deleteMessage', { params: { roomId, seq: 4 }, body: { id: id() } })],
    ['rename', change(alice, room, { name: 'x' })],
    ['rename and archive', change(alice, room, { name: 'x', archived: true })],
    ['join', call(mallory, 'putMember', of(mallory.id))],
    ['add', call(alice, 'putMember', of(carol.id))],
    ['role', call(alice, 'putMember', { ...of(bob.id), body: { role: 'admin' } })],
    ['mute', call(alice, 'muteMember', { ...of(bob.id), body: {} })],
    ['unmute', call(alice, 'liftMute', of(bob.id))],
    ['ban', call(alice, 'banUser', { ...of(bob.id), body: {} })],
    ['lift a ban', call(alice, 'liftBan', of(mallory.id))],
    ['ban a stranger', call(alice, 'banUser', { ...of(mallory.id), body: {} })]
  ]
  for (const [deed, answer] of refused) t.match(await answer, { status: 409, body: { error: { code: 'room.archived', retryable: false } } }, deed)
  const bob2 = await bob.at(two).connect()
  t.equal(await codeOf(bob2, 'message:send', { roomId, id: id(), text: 'x' }), 'room.archived')
  t.equal(await codeOf(bob2, 'message:edit', { roomId, id: id(), seq: 4, text: 'x' }), 'room.archived')
  t.equal(await codeOf(bob2, 'message:delete', { roomId, id: id(), seq: 4 }), 'room.archived')
  for (const name of ['reaction:add', 'reaction:remove'] as const) t.equal(await codeOf(bob2, name, { roomId, id: id(), seq: 4, emoji: '👍' }), 'room.archived')
  t.equal(await codeOf(bob2, 'typing:start', { roomId }), 'room.archived')
  t.equal(await codeOf(await mallory.connect(), 'room:join', { roomId }), 'room.archived')
  t.equal(codeOfAnswer(await call(mallory, 'sendMessage', { params: { roomId }, body: { id: id(), text: 'x' } })), 'request.forbidden', 'a stranger is a stranger')
  t.equal((await events(room)).at(-1)?.type, 'room.changed')
})

t.test('an archived room is read, searched, marked as read and left, and its members removed; a command sent before gives its result', async (t) => {
  const room = await makeRoom()
  const roomId = room.id
  const id = randomUUID()
  const sent = await call(bob, 'sendMessage', { params: { roomId }, body: { id, text: 'before' } })
  await change(alice, room, { archived: true })
  t.same((await call(bob, 'sendMessage', { params: { roomId }, body: { id, text: 'before' } })).body, sent.body)
  t.equal((await call(bob, 'listMessages', { params: { roomId } })).body.messages.length, 2)
  t.equal((await call(bob, 'searchRoom', { params: { roomId }, query: { query: 'hello' } })).body.results.length, 1)
  t.same((await call(bob, 'markRead', { params: { roomId }, body: { seq: 6 } })).body, { readSeq: 6 })
  const bob2 = await bob.at(two).connect()
  t.match(bob2.ready.rooms.find((state) => state.room.id === roomId), { room: { archivedAt: /Z$/ } })
  await tell(bob2, 'typing:stop', { roomId })
  await tell(bob2, 'room:leave', { roomId })
  t.same(complaintsAbout(bob2), [])
  await alice.remove(room, adam)
  t.notOk((await call(mallory, 'listDirectory', { query: { limit: 100 } })).body.rooms.some((each) => each.id === roomId), 'it is not offered to be joined')
  t.match((await change(alice, room, { archived: false, name: 'Open' })).body.room, { name: 'Open', archivedAt: null })
  t.ok((await call(mallory, 'listDirectory', { query: { limit: 100 } })).body.rooms.some((each) => each.id === roomId))
  await mallory.join(room)
  await mallory.send(room, 'here again')
  await change(alice, room, { archived: true })
  t.equal((await call(alice, 'deleteRoom', { params: { roomId } })).status, 204)
})

t.test('of sends that meet the archiving, none stands in the log after it', async (t) => {
  const room = await makeRoom()
  const sockets = [await bob.connect(), await bob.at(two).connect(), await adam.at(two).connect()]
  const sends = sockets.flatMap((socket) => Array.from({ length: 40 }, (_, index) => codeOf(socket, 'message:send', {
    roomId: room.id, id: randomUUID(), text: index % 4 ? 'quick' : 'quick, @alice'
  })))
  await sends[3]
  await change(alice, room, { archived: true })
  const codes = await Promise.all(sends)
  const log = await call(alice, 'readEvents', { params: { roomId: room.id }, query: { limit: 500 } })
  t.equal(log.body.events.at(-1)?.type, 'room.changed')
  t.same(codes.filter((code) => code !== 'ok' && code !== 'room.archived'), [])
  t.ok(codes.includes('ok'))
  t.equal(log.body.events.filter(({ type }) => type === 'message.sent').length - 1, codes.filter((code) => code === 'ok').length)
})
