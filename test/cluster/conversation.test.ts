import { randomUUID } from 'node:crypto'
import { startNodes } from '../helpers/node.ts'
import { people } from '../helpers/person.ts'
import { t } from '../suite.ts'

t.test('alice on node 1 and bob on node 2 see each message once and in order; mallory on node 3 sees nothing', async (t) => {
  const [one, two, three] = await startNodes(t, 3)
  const [alice, bob, mallory] = await people(one, 'alice', 'bob', 'mallory')
  const room = await alice.makeRoom({ kind: 'private' })
  await alice.add(room, bob)
  const theirs = await mallory.makeRoom({ kind: 'private' })

  const alice1 = await alice.connect()
  const bob2 = await bob.at(two).connect()
  const mallory3 = await mallory.at(three).connect()
  t.match(bob2.ready, { user: { username: 'bob' }, node: 'n2', rooms: [{ room: { id: room.id }, lastSeq: 2 }] })

  const sends = Array.from({ length: 50 }, (_, index) => [
    alice1.do('message:send', { roomId: room.id, id: randomUUID(), text: `alice ${index}` }),
    bob2.do('message:send', { roomId: room.id, id: randomUUID(), text: `bob ${index}` })
  ]).flat()
  const acked = await Promise.all(sends)
  const last = 2 + acked.length
  const expected = Array.from({ length: acked.length }, (_, index) => index + 3)

  for (const socket of [alice1, bob2]) {
    const log = await socket.caughtUp(room.id, last)
    t.same(log.map(({ seq }) => seq), expected, 'once, in order, no gap')
    const texts = new Map(log.map((event) => [event.seq, 'text' in event.data && event.data.text]))
    t.same(acked.map(({ message }) => texts.get(message.seq)), acked.map(({ message }) => message.text))
    for (const sender of ['alice', 'bob']) {
      const own = [...texts.values()].filter((text) => `${text}`.startsWith(sender))
      t.same(own, Array.from({ length: 50 }, (_, index) => `${sender} ${index}`), `${sender}'s in the order in which they were sent`)
    }
  }
  // A fence: mallory hears her own room, and that alone.
  await mallory3.do('message:send', { roomId: theirs.id, id: randomUUID(), text: 'anybody?' })
  await mallory3.caughtUp(theirs.id, 2)
  t.same(mallory3.received.map(({ event }) => event), ['session:ready', 'room:events'])
})

t.test('a message over REST reaches sockets on every node, and the same id again makes no second one', async (t) => {
  const [one, two, three] = await startNodes(t, 3)
  const [alice, bob] = await people(one, 'alice', 'bob')
  const room = await alice.makeRoom()
  await bob.join(room)
  const bob2 = await bob.at(two).connect()
  const message = { id: randomUUID(), text: '  hello  ' }
  const first = await alice.at(three).post(`/rooms/${room.id}/messages`, message)
  t.equal(first.status, 201)
  t.match(first.body.message, { seq: 3, text: 'hello', authorId: alice.id, reactions: [], editedAt: null, replyTo: null })
  const again = await alice.post(`/rooms/${room.id}/messages`, message)
  t.equal(again.status, 200)
  t.same(again.body.message, first.body.message)
  await alice.send(room, 'marker')
  t.same((await bob2.caughtUp(room.id, 4)).map(({ seq }) => seq), [3, 4])
})

t.test('edits, deletions and reactions travel as events; an older text is gone from everywhere', async (t) => {
  const [one, two] = await startNodes(t, 2)
  const [alice, bob] = await people(one, 'alice', 'bob')
  const room = await alice.makeRoom()
  await bob.join(room)
  const alice1 = await alice.connect()
  const bob2 = await bob.at(two).connect()
  const roomId = room.id
  const { message } = await alice1.do('message:send', { roomId, id: randomUUID(), text: 'first' })
  const about = () => ({ roomId, id: randomUUID(), seq: message.seq })
  t.match(await alice1.ask('message:edit', { ...about(), text: 'second' }), { ok: true, data: { event: { seq: 4, data: { seq: 3, text: 'second' } } } })
  t.match(await bob2.ask('message:edit', { ...about(), text: 'mine' }), { ok: false, error: { code: 'request.forbidden' } })
  t.match(await bob2.ask('reaction:add', { ...about(), emoji: '👍' }), { ok: true, data: { event: { seq: 5 } } })
  t.match(await bob2.ask('reaction:add', { ...about(), emoji: '👍' }), { ok: true, data: { event: { seq: 5 } } }, 'a repeated reaction makes no event')
  t.match((await alice.get(`/rooms/${roomId}/messages`)).body.messages, [{
    text: 'second', reactions: [{ emoji: '👍', count: 1, mine: false }]
  }])
  t.same(await bob2.ask('reaction:remove', { ...about(), emoji: '🎉' }), { ok: true, data: { event: null } }, 'there is no such reaction')
  t.match(await alice1.ask('message:edit', { ...about(), text: 'third' }), { ok: true, data: { event: { seq: 6 } } })
  const events = async () => (await bob.get(`/rooms/${roomId}/events?after=2`)).body.events.map(({ seq, data }) => [seq, 'text' in data ? data.text : data])
  t.same(await events(), [[3, null], [4, null], [5, { seq: 3, emoji: '👍' }], [6, 'third']])

  const command = about()
  const deleted = await alice1.do('message:delete', command)
  t.same(await alice1.do('message:delete', command), deleted, 'the same command again gives its first result')
  t.match(await alice1.ask('message:delete', about()), { ok: false, error: { code: 'message.deleted' } })
  t.match(await alice1.ask('message:edit', { ...about(), text: 'x' }), { ok: false, error: { code: 'message.deleted' } })
  t.same((await events()).map(([, text]) => text), [null, null, { seq: 3, emoji: '👍' }, null, { seq: 3 }])
  t.match((await bob.get(`/rooms/${roomId}/messages`)).body.messages, [{ seq: 3, text: null, reactions: [], deletedAt: /Z$/ }])
  t.same((await bob2.caughtUp(roomId, 7)).map(({ type }) => type), [
    'message.sent', 'message.edited', 'reaction.added', 'message.edited', 'message.deleted'
  ])
})

t.test('unread counts follow what others send and what one has read, on all devices', async (t) => {
  const [one, two] = await startNodes(t, 2)
  const [alice, bob] = await people(one, 'alice', 'bob')
  const room = await alice.makeRoom()
  await bob.join(room)
  for (const text of ['one', 'two', 'three']) await alice.send(room, text)
  const [phone, laptop] = [await bob.connect(), await bob.at(two).connect()]
  t.match(phone.ready.rooms, [{ lastSeq: 5, readSeq: 2, unread: 3 }])
  t.same(await phone.do('read:mark', { roomId: room.id, seq: 4 }), { readSeq: 4 })
  t.same(await laptop.next('read:marked'), { roomId: room.id, seq: 4 })
  t.match((await bob.get('/rooms')).body.rooms, [{ id: room.id, room: { id: room.id }, readSeq: 4, unread: 1 }])
  t.same((await bob.put(`/rooms/${room.id}/read`, { seq: 5 })).body, { readSeq: 5 })
  t.same(await laptop.next('read:marked'), { roomId: room.id, seq: 5 })
  t.same(phone.received.filter(({ event }) => event === 'read:marked').length, 1, 'not told to the connection that marked, but to it of others')
  t.match((await bob.get('/rooms')).body.rooms, [{ unread: 0 }])
})

t.test('typing is told to the others in the room, and ends with the message', async (t) => {
  const [one, two, three] = await startNodes(t, 3)
  const [alice, bob, mallory] = await people(one, 'alice', 'bob', 'mallory')
  const room = await alice.makeRoom({ kind: 'private' })
  await alice.add(room, bob)
  const [alice1, bob2, mallory3] = [await alice.connect(), await bob.at(two).connect(), await mallory.at(three).connect()]
  t.same(await alice1.ask('typing:start', { roomId: room.id }), { ok: true, data: {} })
  t.same(await bob2.next('typing:changed'), { roomId: room.id, userId: alice.id, isTyping: true })
  await alice1.do('message:send', { roomId: room.id, id: randomUUID(), text: 'done' })
  t.same(await bob2.next('typing:changed'), { roomId: room.id, userId: alice.id, isTyping: false })
  t.match(await mallory3.ask('typing:start', { roomId: room.id }), { ok: false, error: { code: 'room.not_found' } })
  await alice1.caughtUp(room.id, 3)
  t.notOk(alice1.received.some(({ event }) => event === 'typing:changed'), 'never to the one who types')
})
