import { randomUUID } from 'node:crypto'
import { call, unseenAnswers } from '../contract/call.ts'
import { startNodes } from '../helpers/node.ts'
import { people } from '../helpers/person.ts'
import { closeSocketsFirst } from '../sockets/close-first.ts'
import { t } from '../suite.ts'

const [one, two, three] = await startNodes(t, 3)
closeSocketsFirst(t, [one, two, three])
const [alice, bob, carol, mallory] = await people(one, 'alice', 'bob', 'carol', 'mallory')

t.test('two people have one direct room, whoever asks and however often', async (t) => {
  const first = await call(alice, 'openDirectRoom', { body: { userId: bob.id } })
  t.equal(first.status, 201)
  const { room } = first.body
  t.match(room, { kind: 'direct', name: null, topic: null, memberCount: 2 })
  t.same(room.userIds?.toSorted(), [alice.id, bob.id].toSorted())
  for (const [person, other] of [[alice, bob], [bob, alice]] as const) {
    const again = await call(person.at(two), 'openDirectRoom', { body: { userId: other.id.toUpperCase() } })
    t.equal(again.status, 200)
    t.same(again.body.room, room)
    t.same((await call(person, 'getRoom', { params: { roomId: room.id } })).body.room, room)
  }
  t.same((await call(bob, 'readEvents', { params: { roomId: room.id } })).body.events.map(({ type, data }) => [type, data]), [
    ['member.joined', { userId: alice.id, role: 'member' }], ['member.joined', { userId: bob.id, role: 'member' }]
  ])
})

t.test('asked for from both sides at once on two nodes it is one room, and both are told of it once', async (t) => {
  const names = Array.from({ length: 8 }, (_, index) => `friend${index}`)
  const friends = await people(one, ...names)
  const socket = await carol.at(three).connect()
  for (const friend of friends) {
    const theirs = await friend.at(two).connect()
    const answers = await Promise.all([
      call(carol, 'openDirectRoom', { body: { userId: friend.id } }),
      call(friend.at(two), 'openDirectRoom', { body: { userId: carol.id } }),
      call(carol.at(three), 'openDirectRoom', { body: { userId: friend.id } }),
      call(friend, 'openDirectRoom', { body: { userId: carol.id } })
    ])
    t.same(answers.map(({ status }) => status).toSorted(), [200, 200, 200, 201])
    const [{ body: { room } }] = answers
    t.equal(new Set(answers.map(({ body }) => body.room.id)).size, 1)
    await socket.next('room:joined', (state) => state.room.id === room.id && state.lastSeq === 2)
    await theirs.next('room:joined', (state) => state.room.id === room.id)
    const { message } = await theirs.do('message:send', { roomId: room.id, id: randomUUID(), text: 'hello' })
    t.same((await socket.caughtUp(room.id, message.seq)).map(({ seq }) => seq), [3])
    t.equal(theirs.received.filter(({ event }) => event === 'room:joined').length, 1)
  }
  t.equal(socket.received.filter(({ event }) => event === 'room:joined').length, friends.length)
  t.equal((await call(carol, 'listRooms')).body.rooms.length, friends.length)
})

t.test('one is no pair, and nobody is nobody', async (t) => {
  t.match((await call(alice, 'openDirectRoom', { body: { userId: alice.id } })).body.error, { code: 'request.invalid', details: [{ path: '/userId' }] })
  t.match((await call(alice, 'openDirectRoom', { body: { userId: alice.id.toUpperCase() } })).body.error, { code: 'request.invalid' })
  t.match(await call(alice, 'openDirectRoom', { body: { userId: randomUUID() } }), { status: 404, body: { error: { code: 'user.not_found' } } })
})

t.test('its two members are fixed: nobody comes, goes, is promoted, and nobody renames or deletes it', async (t) => {
  const { room } = (await call(alice, 'openDirectRoom', { body: { userId: bob.id } })).body
  const roomId = room.id
  const forbidden = { status: 403, body: { error: { code: 'request.forbidden' } } }
  for (const [person, other] of [[alice, bob], [bob, alice]] as const) {
    for (const userId of [person.id, other.id]) {
      t.match(await call(person, 'removeMember', { params: { roomId, userId } }), forbidden)
      t.match(await call(person, 'putMember', { params: { roomId, userId }, body: { role: 'owner' } }), forbidden)
    }
    t.match(await call(person, 'putMember', { params: { roomId, userId: mallory.id } }), forbidden)
    t.match(await call(person, 'changeRoom', { params: { roomId }, body: { name: 'Ours' } }), forbidden)
    t.match(await call(person, 'deleteRoom', { params: { roomId } }), forbidden)
  }
  const socket = await alice.connect()
  t.match(await socket.ask('room:leave', { roomId }), { ok: false, error: { code: 'request.forbidden' } })
  t.match(await socket.ask('room:join', { roomId }), { ok: true, data: { room: { id: roomId } } }, 'joining where one is changes nothing')
  t.match(await (await mallory.connect()).ask('room:join', { roomId }), { ok: false, error: { code: 'room.not_found' } })
  t.equal((await call(mallory, 'putMember', { params: { roomId, userId: mallory.id } })).body.error.code, 'room.not_found')
  const { body } = await call(mallory, 'listDirectory')
  t.notOk(body.rooms.some(({ id }) => id === roomId))
  t.equal((await call(alice, 'readEvents', { params: { roomId } })).body.lastSeq, 2)
})

t.test('scenario 15: a message to somebody reaches all their connections, on any node, also those opened since', async (t) => {
  const { room } = (await call(alice, 'openDirectRoom', { body: { userId: bob.id } })).body
  const old = await bob.at(two).connect()
  old.close()
  const sockets = [await bob.at(two).connect(), await bob.at(three).connect(), await bob.at(three).connect({ transports: ['polling'] })]
  const outside = await mallory.at(three).connect()
  const sent = await alice.send(room, 'are you there?')
  for (const socket of sockets) {
    t.match(await socket.caughtUp(room.id, sent.seq), [{ type: 'message.sent', actorId: alice.id, data: { text: 'are you there?' } }])
  }
  t.match((await call(alice, 'sendMessage', { params: { roomId: room.id }, body: { id: sent.id, text: 'are you there?' } })), { status: 200 })
  await outside.ask('read:mark', { roomId: room.id, seq: 1 })
  t.same(outside.received.map(({ event }) => event), ['session:ready'])
})

t.test('every answer of this call has been seen', async (t) => {
  t.same(unseenAnswers(['openDirectRoom']), [])
})
