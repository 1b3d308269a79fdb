import { randomUUID } from 'node:crypto'
import { createStores } from '../helpers/stores.ts'
import { t } from '../suite.ts'
import { createWorld, holdRoom, untilSomebodyWaits } from './world.ts'

t.test('messages get the next seqs, and the sender has read their own', async (t) => {
  const { rooms, members, messages, history, user } = await createWorld(t)
  const [alice, bob] = [await user('alice'), await user('bob')]
  const room = await rooms.make(alice, { name: 'Tea', kind: 'public' })
  await members.put(bob, room.id, bob.userId)
  for (const text of ['one', 'two', 'three']) {
    const { message, isRepeat } = await messages.send(alice, { roomId: room.id, id: randomUUID(), text })
    t.equal(isRepeat, false)
    t.same((await messages.readMessage(alice, room.id, message.seq)), message)
  }
  const page = await history.page(alice, room.id, { after: 0, limit: 100 })
  t.same(page.events.map(({ seq, type }) => [seq, type]), [
    [1, 'member.joined'], [2, 'member.joined'], [3, 'message.sent'], [4, 'message.sent'], [5, 'message.sent']
  ])
  const [forAlice] = (await rooms.listMine(alice, { limit: 10 })).rooms
  const [forBob] = (await rooms.listMine(bob, { limit: 10 })).rooms
  t.match(forAlice, { lastSeq: 5, readSeq: 5, unread: 0 })
  t.match(forBob, { lastSeq: 5, readSeq: 2, unread: 3 })
  t.same(await members.markRead(bob, room.id, 4), { readSeq: 4 })
  t.same(await members.markRead(bob, room.id, 2), { readSeq: 4 }, 'never back')
  t.match((await rooms.listMine(bob, { limit: 10 })).rooms, [{ readSeq: 4, unread: 1 }])
  t.same(await members.markRead(bob, room.id, 999), { readSeq: 5 }, 'never past the end')
})

t.test('D3: the same id gives the same message, and no second one', async (t) => {
  const { rooms, messages, history, user, committed } = await createWorld(t)
  const alice = await user('alice')
  const room = await rooms.make(alice, { name: 'Tea', kind: 'public' })
  const command = { roomId: room.id, id: randomUUID(), text: 'once' }
  const results = await Promise.all(Array.from({ length: 20 }, () => messages.send(alice, command)))
  t.same(new Set(results.map(({ message }) => message.seq)), new Set([2]))
  t.equal(results.filter(({ isRepeat }) => !isRepeat).length, 1)
  t.equal((await history.page(alice, room.id, { after: 0, limit: 10 })).lastSeq, 2)
  t.same(committed.flatMap(({ events }) => events.map(({ seq }) => seq)), [2], 'told once')
})

t.test('D3: the same id on two nodes at once', async (t) => {
  const stores = await createStores(t)
  const [one, two] = [await createWorld(t, stores), await createWorld(t, stores)]
  const alice = await one.user('alice')
  const room = await one.rooms.make(alice, { name: 'Tea', kind: 'public' })
  const others = await one.rooms.make(alice, { name: 'Others', kind: 'public' })

  for (let round = 0; round < 10; round++) {
    const id = randomUUID()
    // Held back until both wait for the room, so that neither has seen the other's.
    const holding = await holdRoom(one, room.id)
    const sends = [one, two].flatMap(({ messages }) => [
      messages.send(alice, { roomId: room.id, id, text: 'the same' }),
      ...(round % 2 === 0 ? [] : [messages.send(alice, { roomId: room.id, id: randomUUID(), text: 'a neighbour' })])
    ])
    await untilSomebodyWaits(one.sql, 2)
    await holding.letGo()
    const sent = await Promise.all(sends)
    const [first, second] = sent.filter(({ message }) => message.id === id)
    t.equal(first?.message.seq, second?.message.seq)
    t.equal([first, second].filter((sent) => sent?.isRepeat).length, 1)
  }
  t.equal((await one.history.page(alice, room.id, { after: 0, limit: 500 })).lastSeq, 1 + 10 + 5 * 2)
  t.equal((await one.history.page(alice, others.id, { after: 0, limit: 500 })).lastSeq, 1)
})

t.test('an id that names something else is refused, and says nothing of it', async (t) => {
  const { rooms, members, messages, user } = await createWorld(t)
  const [alice, bob] = [await user('alice'), await user('bob')]
  const room = await rooms.make(alice, { name: 'Tea', kind: 'public' })
  await members.put(bob, room.id, bob.userId)
  const id = randomUUID()
  const { message } = await messages.send(alice, { roomId: room.id, id, text: 'a secret' })
  const taken = { code: 'request.id_taken', details: undefined }
  await t.rejects(messages.send(bob, { roomId: room.id, id, text: 'mine' }), taken)
  await t.rejects(messages.edit(alice, { roomId: room.id, id, seq: message.seq, text: 'other' }), taken)
})

t.test('S4: a send that waits for the room does not outlive the membership it was sent with', async (t) => {
  const { sql, rooms, members, messages, history, user } = await createWorld(t)
  const [alice, bob] = [await user('alice'), await user('bob')]
  const room = await rooms.make(alice, { name: 'Tea', kind: 'private' })
  await members.put(alice, room.id, bob.userId)

  const holding = await holdRoom({ sql }, room.id, async (transaction) => {
    await transaction`delete from members where room_id = ${room.id} and user_id = ${bob.userId}`
  })
  const late = messages.send(bob, { roomId: room.id, id: randomUUID(), text: 'still here?' })
  const refused = t.rejects(late, { code: 'room.not_found' })
  await untilSomebodyWaits(sql)
  await holding.letGo()
  await refused
  t.equal((await history.page(alice, room.id, { after: 0, limit: 10 })).lastSeq, 2, 'nothing was appended')
})

t.test('S4: neither does an edit, a deletion or a reaction', async (t) => {
  const { sql, rooms, members, messages, user } = await createWorld(t)
  const [alice, bob] = [await user('alice'), await user('bob')]
  const room = await rooms.make(alice, { name: 'Tea', kind: 'private' })
  const commands = {
    edit: (seq: number) => messages.edit(bob, { roomId: room.id, id: randomUUID(), seq, text: 'changed' }),
    delete: (seq: number) => messages.delete(bob, { roomId: room.id, id: randomUUID(), seq }),
    addReaction: (seq: number) => messages.addReaction(bob, { roomId: room.id, id: randomUUID(), seq, emoji: '👍' })
  }
  for (const [name, command] of Object.entries(commands)) {
    await members.put(alice, room.id, bob.userId)
    const { message } = await messages.send(bob, { roomId: room.id, id: randomUUID(), text: name })
    const holding = await holdRoom({ sql }, room.id, async (transaction) => {
      await transaction`delete from members where room_id = ${room.id} and user_id = ${bob.userId}`
    })
    const refused = t.rejects(command(message.seq), { code: 'room.not_found' }, name)
    await untilSomebodyWaits(sql)
    await holding.letGo()
    await refused
    t.match(await messages.readMessage(alice, room.id, message.seq), { text: name, reactions: [] })
  }
})

t.test('two owners who leave at the same moment: one of them stays', async (t) => {
  const stores = await createStores(t)
  const [one, two] = [await createWorld(t, stores), await createWorld(t, stores)]
  const [alice, bob] = [await one.user('alice'), await one.user('bob')]
  const room = await one.rooms.make(alice, { name: 'Tea', kind: 'public' })
  await one.members.put(alice, room.id, bob.userId, 'owner')
  const holding = await holdRoom(one, room.id)
  const leaving = Promise.allSettled([
    one.members.remove(alice, room.id, alice.userId), two.members.remove(bob, room.id, bob.userId)
  ])
  await untilSomebodyWaits(one.sql, 2)
  await holding.letGo()
  const results = await leaving
  t.same(results.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected'])
  t.match(results.find(({ status }) => status === 'rejected'), { reason: { code: 'room.owner_required' } })
})

t.test('a room that is held too long fails by itself; the other rooms of its batch pass, all at once', async (t) => {
  const { sql, rooms, messages, user } = await createWorld(t)
  const alice = await user('alice')
  const made = await Promise.all(Array.from({ length: 6 }, (_, index) => rooms.make(alice, { name: `Room ${index}`, kind: 'public' })))
  const stuck = made.at(-1) as typeof made[number]
  const holding = await holdRoom({ sql }, stuck.id)
  const began = Date.now()
  const done: string[] = []
  const sends = made.map(({ id }) => messages.send(alice, { roomId: id, id: randomUUID(), text: 'hello' }).finally(() => { done.push(id) }))
  const results = await Promise.allSettled(sends)
  const tookMs = Date.now() - began
  await holding.letGo()
  t.match(results.pop(), { status: 'rejected', reason: { code: '55P03' } })
  t.ok(results.every(({ status }) => status === 'fulfilled'))
  t.equal(done.at(-1), stuck.id, 'nobody waits for it to the end')
  // One after another they would wait 2 s each, and twice for the last.
  t.ok(tookMs < made.length * 2000, `two waits for the lock, not one for each of ${made.length} rooms: ${tookMs} ms`)
})

t.test('a room that is held holds up nobody who speaks elsewhere after it', async (t) => {
  const { sql, rooms, messages, user } = await createWorld(t)
  const alice = await user('alice')
  const [stuck, quiet] = [await rooms.make(alice, { name: 'Stuck', kind: 'public' }), await rooms.make(alice, { name: 'Quiet', kind: 'public' })]
  const holding = await holdRoom({ sql }, stuck.id)
  const held = messages.send(alice, { roomId: stuck.id, id: randomUUID(), text: 'one' })
  await untilSomebodyWaits(sql)
  const behindIt = messages.send(alice, { roomId: stuck.id, id: randomUUID(), text: 'two' })
  t.match(await messages.send(alice, { roomId: quiet.id, id: randomUUID(), text: 'hello' }), { message: { seq: 2 } })
  await holding.letGo()
  t.match(await Promise.all([held, behindIt]), [{ message: { seq: 2 } }, { message: { seq: 3 } }])
})

t.test('whoever comes back has their own messages read, and those of others from before', async (t) => {
  const { rooms, members, messages, user } = await createWorld(t)
  const [alice, bob] = [await user('alice'), await user('bob')]
  const room = await rooms.make(alice, { name: 'Tea', kind: 'public' })
  await members.put(bob, room.id, bob.userId)
  for (const sender of [bob, alice, bob]) await messages.send(sender, { roomId: room.id, id: randomUUID(), text: 'hello' })
  await members.remove(bob, room.id, bob.userId)
  await members.put(bob, room.id, bob.userId)
  t.match((await rooms.listMine(bob, { limit: 10 })).rooms, [{ lastSeq: 7, readSeq: 7, unread: 0 }])
})

t.test('an owner who deletes a room while they send into it from elsewhere waits for nobody', async (t) => {
  const stores = await createStores(t)
  const [one, two] = [await createWorld(t, stores), await createWorld(t, stores)]
  const alice = await one.user('alice')
  for (let round = 0; round < 5; round++) {
    const room = await one.rooms.make(alice, { name: 'Tea', kind: 'public' })
    const sends = Array.from({ length: 20 }, () => one.messages.send(alice, { roomId: room.id, id: randomUUID(), text: 'still here' }))
    const [deleted, ...sent] = await Promise.allSettled([two.rooms.delete(alice, room.id), ...sends])
    t.match(deleted, { status: 'fulfilled' })
    t.ok(sent.every((each) => each.status === 'fulfilled' || (each.reason as { code: string }).code === 'room.not_found'))
    await one.rooms.removeRemains()
    t.same([...await one.sql`select from room_events where room_id = ${room.id}`], [], 'nothing is left of its log')
  }
})

t.test('a reaction that commits while its message is deleted is not shown', async (t) => {
  const { sql, rooms, messages, user } = await createWorld(t)
  const alice = await user('alice')
  const room = await rooms.make(alice, { name: 'Tea', kind: 'public' })
  const { message } = await messages.send(alice, { roomId: room.id, id: randomUUID(), text: 'here' })
  const holding = await holdRoom({ sql }, room.id, async (transaction) => {
    await transaction`insert into reactions values (${room.id}, ${message.seq}, '👍', ${alice.userId}, 3)`
  })
  const deleted = messages.delete(alice, { roomId: room.id, id: randomUUID(), seq: message.seq })
  await untilSomebodyWaits(sql)
  await holding.letGo()
  await deleted
  t.match(await messages.readMessage(alice, room.id, message.seq), { text: null, reactions: [] })
})
