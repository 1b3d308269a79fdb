import { randomUUID } from 'node:crypto'
import { startNodes, type TestNode } from '../helpers/node.ts'
import { people } from '../helpers/person.ts'
import { until } from '../helpers/until.ts'
import { t } from '../suite.ts'

/** From now on this node hears nothing of the room: every notice to it is lost. */
async function makeDeaf (node: TestNode, roomId: string): Promise<void> {
  await node.app.redis.subscriber.sunsubscribe(`${node.app.redis.name('room')}:{${roomId}}`)
}

t.test('D4: a lost notice is healed by the server within 5 s, also in a quiet room, without closing a socket', async (t) => {
  const [one, two] = await startNodes(t, 2)
  const [alice, bob] = await people(one, 'alice', 'bob')
  const room = await alice.makeRoom()
  await bob.join(room)
  const bob2 = await bob.at(two).connect()
  await makeDeaf(two, room.id)
  const last = await alice.send(room, 'did you hear?')
  t.same((await bob2.caughtUp(room.id, last.seq, 5000)).map(({ seq }) => seq), [3])
  t.notOk(bob2.received.some(({ event }) => event === 'disconnect'))
})

t.test('S4: a removed member sees no later event and is taken out within 10 s, though every notice was lost', async (t) => {
  const [one, two] = await startNodes(t, 2)
  const [alice, bob, carol] = await people(one, 'alice', 'bob', 'carol')
  const room = await alice.makeRoom({ kind: 'private' })
  for (const person of [bob, carol]) await alice.add(room, person)
  const [bob2, carol2] = [await bob.at(two).connect(), await carol.at(two).connect()]
  await makeDeaf(two, room.id)
  await alice.send(room, 'before')
  await alice.remove(room, bob)
  const after = await alice.send(room, 'after')
  t.same(await bob2.next('room:left', undefined, 10_000), { roomId: room.id })
  await carol2.caughtUp(room.id, after.seq)
  t.same(carol2.log(room.id).map(({ type }) => type), ['message.sent', 'member.left', 'message.sent'])
  t.same(bob2.log(room.id).map(({ type }) => type), ['message.sent'], 'only what came before')
  t.match(await bob2.ask('room:sync', { rooms: [{ roomId: room.id, after: 0 }] }), { ok: false, error: { code: 'room.not_found' } })
})

t.test('a lost notice that somebody entered a room is healed too', async (t) => {
  const [one, two] = await startNodes(t, 2)
  const [alice, bob] = await people(one, 'alice', 'bob')
  const room = await alice.makeRoom({ kind: 'private' })
  const bob2 = await bob.at(two).connect()
  // Written by somebody who tells nobody.
  const { sql } = one.app.database
  await sql`insert into members (room_id, user_id, role) values (${room.id}, ${bob.id}, 'member')`
  await sql`update users set memberships_version = memberships_version + 1 where id = ${bob.id}`
  t.match(await bob2.next('room:joined', undefined, 10_000), { room: { id: room.id }, lastSeq: 1 })
  const { seq } = await alice.send(room, 'welcome')
  t.same((await bob2.caughtUp(room.id, seq)).map(({ seq }) => seq), [2])
})

t.test('S2: a session that is gone closes its sockets within 10 s, though nobody was told', async (t) => {
  const [one, two] = await startNodes(t, 2)
  const [alice, bob] = await people(one, 'alice', 'bob')
  const [alice2, bob2] = [await alice.at(two).connect(), await bob.at(two).connect()]
  const { commands, name } = one.app.redis
  for (const key of await commands.keys(`${name('session')}:*`)) {
    if ((await commands.get(key))?.includes(alice.id)) await commands.unlink(key)
  }
  t.match(await alice2.next('session:ended', undefined, 10_000), { reason: 'expired' })
  t.equal(await alice2.next('disconnect'), 'io server disconnect')
  t.ok(bob2.client.connected, 'others are left alone')
})

t.test('30: a node whose subscription is dead on a living connection says so, polls meanwhile, and connects anew', async (t) => {
  const [one, two] = await startNodes(t, 2)
  const [alice, bob] = await people(one, 'alice', 'bob')
  const room = await alice.makeRoom()
  await bob.join(room)
  const bob2 = await bob.at(two).connect()
  await until('n2 is ready', async () => (await fetch(`${two.url}/readyz`)).status === 200)
  const { subscriber } = two.app.redis
  await subscriber.sunsubscribe()
  await until('n2 is not ready', async () => (await fetch(`${two.url}/readyz`)).status === 503)
  t.equal(await subscriber.ping(), 'PONG', 'its connection answers all the while')
  const { seq } = await alice.send(room, 'can you hear me?')
  await bob2.caughtUp(room.id, seq, 1000)
  await until('n2 is ready again', async () => (await fetch(`${two.url}/readyz`)).status === 200, 15_000)
  t.notOk(bob2.received.some(({ event }) => event === 'disconnect'))
})

t.test('a log that lost its end gets a new epoch, and clients are sent to read anew', async (t) => {
  const [one, two] = await startNodes(t, 2)
  const [alice] = await people(one, 'alice')
  const room = await alice.makeRoom()
  for (const text of ['kept', 'lost', 'lost too']) await alice.send(room, text)
  const alice2 = await alice.at(two).connect()
  const [before] = alice2.ready.rooms
  const { sql } = one.app.database
  await sql`delete from room_events where room_id = ${room.id} and seq > 2`
  await sql`update rooms set last_seq = 2, message_count = 1 where id = ${room.id}`
  t.equal(await alice2.next('disconnect', undefined, 10_000), 'transport close', 'a plain client comes back by itself')
  await alice2.connect()
  const after = await alice2.do('room:sync', { rooms: [{ roomId: room.id, after: 4, epoch: before?.epoch ?? '' }] })
  t.match(after.rooms, [{ reset: true, lastSeq: 2, hasMore: false, events: [{ seq: 1 }, { seq: 2 }] }])
  t.not(after.rooms[0]?.epoch, before?.epoch)
  const { message } = await alice2.do('message:send', { roomId: room.id, id: randomUUID(), text: 'goes on' })
  t.equal(message.seq, 3)
})
