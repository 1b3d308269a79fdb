import { randomUUID } from 'node:crypto'
import type { RoomEvent } from '../../contract/index.ts'
import { call, unseenAnswers } from '../contract/call.ts'
import { startNodes } from '../helpers/node.ts'
import { people } from '../helpers/person.ts'
import { t } from '../suite.ts'

const [one, two, three] = await startNodes(t, 3)
const [alice, bob, carol, mallory] = await people(one, 'alice', 'bob', 'carol', 'mallory')

t.test('the log of a room can be read from any seq on, in pages, without a gap', async (t) => {
  const room = await alice.makeRoom({ kind: 'private' })
  const params = { roomId: room.id }
  await alice.add(room, bob)
  await Promise.all(Array.from({ length: 30 }, (_, index) => alice.at(index % 2 ? two : three).send(room, `${index}`)))
  const read = async (query: object) => (await call(bob, 'readEvents', { params, query: { ...query } })).body
  const whole = await read({})
  t.equal(whole.lastSeq, 32)
  t.same(whole.events.map(({ seq }) => seq), Array.from({ length: 32 }, (_, index) => index + 1))
  t.ok(whole.events.every(({ roomId }) => roomId === room.id))
  t.match(whole.epoch, /./)

  const found: RoomEvent[] = []
  while (found.length < whole.lastSeq) {
    const page = await read({ after: found.at(-1)?.seq ?? 0, limit: 7 })
    t.ok(page.events.length > 0 && page.events.length <= 7)
    t.match(page, { lastSeq: 32, epoch: whole.epoch })
    found.push(...page.events)
  }
  t.same(found, whole.events)
  t.same(await read({ after: 32 }), { events: [], lastSeq: 32, epoch: whole.epoch })
  t.same(await read({ after: 999 }), { events: [], lastSeq: 32, epoch: whole.epoch })
  for (const query of [{ after: -1 }, { limit: 0 }, { limit: 501 }, { after: '1.5' }, { before: 3 }]) {
    t.equal((await call(bob, 'readEvents', { params, query })).body.error.code, 'request.invalid', JSON.stringify(query))
  }
})

t.test('a member sees the whole log, also from before joining; after leaving, nothing', async (t) => {
  const room = await alice.makeRoom()
  await alice.send(room, 'before')
  for (const name of ['readEvents', 'listMessages'] as const) {
    t.match(await call(carol, name, { params: { roomId: room.id } }), { status: 403, body: { error: { code: 'request.forbidden' } } })
  }
  await carol.join(room)
  t.match((await call(carol, 'readEvents', { params: { roomId: room.id } })).body.events, [{ seq: 1 }, { data: { text: 'before' } }, { type: 'member.joined' }])
  await carol.leave(room)
  for (const name of ['readEvents', 'listMessages', 'getRoom', 'listMembers'] as const) {
    t.match(await call(carol, name, { params: { roomId: room.id } }), { status: 403, body: { error: { code: 'request.forbidden' } } })
  }
})

t.test('a read mark never goes back and never past the end, and moves with what one sends', async (t) => {
  const room = await alice.makeRoom()
  await bob.join(room)
  for (let count = 0; count < 4; count++) await alice.send(room, `${count}`)
  const params = { roomId: room.id }
  const mark = async (seq: number, node = one) => (await call(bob.at(node), 'markRead', { params, body: { seq } })).body.readSeq
  const standing = async () => (await call(bob, 'listRooms')).body.rooms.find(({ id }) => id === room.id)
  t.match(await standing(), { lastSeq: 6, unread: 4 })
  t.equal(await mark(4), 4)
  t.match(await standing(), { readSeq: 4, unread: 2 })
  t.equal(await mark(3, two), 4)
  t.equal(await mark(0, two), 4)
  t.equal(await mark(Number.MAX_SAFE_INTEGER, three), 6)
  t.match(await standing(), { readSeq: 6, unread: 0 })
  await alice.send(room, 'more')
  t.match(await standing(), { lastSeq: 7, readSeq: 6, unread: 1 })
  await bob.send(room, 'mine')
  t.match(await standing(), { lastSeq: 8, readSeq: 8, unread: 0 })
  t.equal((await call(mallory, 'markRead', { params, body: { seq: 1 } })).body.error.code, 'request.forbidden')
})

t.test('only messages of others are unread: no edits, no reactions, nobody who comes or goes', async (t) => {
  const room = await alice.makeRoom()
  await bob.join(room)
  const message = await alice.send(room, 'one')
  await call(alice, 'editMessage', { params: { roomId: room.id, seq: message.seq }, body: { id: randomUUID(), text: 'two' } })
  await carol.join(room)
  await carol.leave(room)
  await call(alice, 'changeRoom', { params: { roomId: room.id }, body: { topic: 'x' } })
  t.match((await call(bob, 'listRooms')).body.rooms.find(({ id }) => id === room.id), { lastSeq: 7, unread: 1 })
  t.match((await call(alice, 'listRooms')).body.rooms.find(({ id }) => id === room.id), { readSeq: 3, unread: 0 })
})

t.test('whoever comes, or comes back, has read what was there before', async (t) => {
  const room = await alice.makeRoom()
  await bob.join(room)
  for (const person of [alice, bob, bob]) await person.send(room, 'before')
  await bob.leave(room)
  await alice.send(room, 'meanwhile')
  for (const person of [bob, carol]) await person.join(room)
  const standing = async () => (await call(bob, 'listRooms')).body.rooms.find(({ id }) => id === room.id)
  t.match(await standing(), { unread: 0 }, 'not even what they wrote themselves')
  await alice.send(room, 'after')
  t.match(await standing(), { unread: 1 })
})

t.test('marks that cross each other on many nodes end at the furthest', async (t) => {
  const room = await alice.makeRoom()
  await bob.join(room)
  for (let count = 0; count < 8; count++) await alice.send(room, `${count}`)
  const seqs = [5, 10, 3, 8, 1, 9, 2, 7, 4, 6]
  const answers = await Promise.all(seqs.map(async (seq, index) => {
    const node = [one, two, three][index % 3] ?? one
    return { seq, readSeq: (await call(bob.at(node), 'markRead', { params: { roomId: room.id }, body: { seq } })).body.readSeq }
  }))
  t.same(answers.filter(({ seq, readSeq }) => readSeq < seq), [], 'nobody is told of less than they have read')
  t.match((await call(bob, 'listRooms')).body.rooms.find(({ id }) => id === room.id), { readSeq: 10, unread: 0 })
})

t.test('every answer of these calls has been seen', async (t) => {
  t.same(unseenAnswers(['readEvents', 'markRead']), [])
})
