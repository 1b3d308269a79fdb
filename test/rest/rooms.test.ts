import type { Room } from '../../contract/index.ts'
import { call, unseenAnswers } from '../contract/call.ts'
import { startNodes } from '../helpers/node.ts'
import { people, type Person } from '../helpers/person.ts'
import { until } from '../helpers/until.ts'
import { t } from '../suite.ts'

const [one, two, three] = await startNodes(t, 3)
const [alice, bob, carol, mallory] = await people(one, 'alice', 'bob', 'carol', 'mallory')

/** All pages of a list of rooms, each of so many. */
async function readPages (person: Person, name: 'listRooms' | 'listDirectory', query: Record<string, unknown>): Promise<string[][]> {
  const pages: string[][] = []
  for (let cursor: string | null | undefined; cursor !== null;) {
    const { body } = await call(person, name, { query: { ...query, ...(cursor && { cursor }) } })
    pages.push(body.rooms.map(({ id }) => id))
    cursor = body.nextCursor
  }
  return pages
}

t.test('whoever makes a room owns it, and its log begins with them', async (t) => {
  const { status, body: { room } } = await call(alice, 'makeRoom', { body: { name: '  Tea  ', kind: 'private', topic: ' with milk ' } })
  t.equal(status, 201)
  t.match(room, { name: 'Tea', kind: 'private', topic: 'with milk', memberCount: 1 })
  t.ok(Math.abs(Date.parse(room.createdAt) - Date.now()) < 60_000)
  t.same((await call(alice.at(two), 'getRoom', { params: { roomId: room.id } })).body.room, room)
  t.match((await call(alice, 'listMembers', { params: { roomId: room.id } })).body.members, [{ userId: alice.id, role: 'owner', user: { username: 'alice' } }])
  t.match((await call(alice, 'readEvents', { params: { roomId: room.id } })).body, {
    events: [{ seq: 1, type: 'member.joined', actorId: alice.id, data: { userId: alice.id, role: 'owner' } }], lastSeq: 1
  })
})

t.test('a room has a name of 1 to 80 characters and a topic of at most 250, whatever characters they are', async (t) => {
  const make = (body: object) => call(alice, 'makeRoom', { body })
  const long = { name: '🫖'.repeat(80), kind: 'private', topic: 'ü'.repeat(250) }
  t.match((await make(long)).body.room, long)
  t.match((await make({ name: 'x', kind: 'public' })).body.room, { topic: null })
  for (const bad of [{ name: '🫖'.repeat(81) }, { name: ' \n ' }, { kind: 'direct' }, { topic: 'x'.repeat(251) }, { name: 'a\0b' }]) {
    t.match(await make({ name: 'x', kind: 'public', ...bad }), { status: 400, body: { error: { code: 'request.invalid' } } }, JSON.stringify(bad))
  }
})

t.test('an id is taken in upper case, and answered in lower', async (t) => {
  const room = await alice.makeRoom()
  const { body } = await call(alice, 'getRoom', { params: { roomId: room.id.toUpperCase() } })
  t.equal(body.room.id, room.id)
})

t.test('my rooms come in pages, each room once, with where I stand in it', async (t) => {
  const made: Room[] = []
  for (let count = 0; count < 7; count++) made.push(await carol.makeRoom({ name: `Room ${count}`, kind: count % 2 ? 'public' : 'private' }))
  const ids = made.map(({ id }) => id).toSorted()
  for (const limit of [1, 3, 7, 8]) {
    const pages = await readPages(carol, 'listRooms', { limit })
    t.same(pages.flat().toSorted(), ids, `${limit} on a page`)
    t.ok(pages.every((page) => page.length <= limit))
    t.equal(pages.length, Math.ceil(7 / limit), 'no empty page at the end')
  }
  const { body } = await call(carol, 'listRooms')
  t.equal(body.nextCursor, null)
  t.match(body.rooms.find(({ id }) => id === made[0]?.id), { room: made[0], lastSeq: 1, readSeq: 1, unread: 0 })
  t.same((await call(mallory, 'listRooms')).body, { rooms: [], nextCursor: null })
  for (const cursor of ['x', Buffer.from('"x"').toString('base64url'), Buffer.from('null').toString('base64url'), Buffer.from('"\\u0000"').toString('base64url')]) {
    t.match((await call(carol, 'listRooms', { query: { cursor } })).body.error, { code: 'request.invalid', details: [{ path: '/cursor' }] }, cursor)
  }
})

t.test('the directory shows public rooms by name, in pages, to everybody', async (t) => {
  const names = ['Zebra', 'apple', 'Äpfel', '50 % off', 'under_score', 'back\\slash', '🫖'.repeat(80), '\u0001'.repeat(80), 'x'.repeat(80)]
  const shown: Room[] = []
  for (const name of names) shown.push(await bob.makeRoom({ name: `dir ${name}`.slice(0, 80), kind: 'public' }))
  shown.push(await bob.makeRoom({ name: 'dir apple', kind: 'public' }))
  await bob.makeRoom({ name: 'dir secret', kind: 'private' })

  for (const limit of [1, 4, 100]) {
    const pages = await readPages(mallory, 'listDirectory', { query: 'DIR ', limit })
    t.same(pages.flat().toSorted(), shown.map(({ id }) => id).toSorted(), `${limit} on a page: no private room, and each once`)
  }
  const find = async (query: string) => (await call(mallory, 'listDirectory', { query: { query } })).body.rooms.map(({ name }) => name)
  t.same(await find('dir 50 %'), ['dir 50 % off'])
  t.same(await find('dir%'), [], 'nothing in a query is a pattern')
  t.same(await find('dir under_'), ['dir under_score'])
  t.same(await find('dir underX'), [])
  t.same(await find('back\\slash'), ['dir back\\slash'])
  t.same(await find('APPLE'), ['dir apple', 'dir apple'])
  t.same(await find('secret'), [])
  const cursor = Buffer.from(JSON.stringify({ name: 'a\0', id: shown[0]?.id })).toString('base64url')
  t.match((await call(mallory, 'listDirectory', { query: { cursor } })).body.error, { code: 'request.invalid' }, 'a cursor with NUL')
})

t.test('owners and admins rename a room and set its topic; what is so already makes no event', async (t) => {
  const room = await alice.makeRoom({ name: 'Old' })
  await alice.add(room, bob, 'admin')
  await carol.join(room)
  const params = { roomId: room.id }
  const change = (person: Person, body: object) => call(person, 'changeRoom', { params, body })
  t.match((await change(alice, { name: 'New' })).body.room, { name: 'New', topic: null })
  t.match((await change(bob, { topic: 'x' })).body.room, { name: 'New', topic: 'x' })
  t.match((await change(bob, { topic: '' })).body.room, { name: 'New', topic: '' })
  for (const body of [{}, { name: 'New' }, { name: 'New', topic: '' }]) t.equal((await change(alice, body)).status, 200)
  for (const person of [carol, mallory]) t.match(await change(person, { name: 'Mine' }), { status: 403, body: { error: { code: 'request.forbidden' } } })
  for (const body of [{ name: '' }, { name: null }, { topic: null }, { kind: 'private' }]) t.equal((await change(alice, body)).status, 400, JSON.stringify(body))
  const { events } = (await call(carol, 'readEvents', { params, query: { after: 3 } })).body
  t.same(events.map(({ type, actorId, data }) => [type, actorId, data]), [
    ['room.changed', alice.id, { name: 'New' }], ['room.changed', bob.id, { topic: 'x' }], ['room.changed', bob.id, { topic: '' }]
  ])
})

t.test('an owner deletes a room: room:left to every socket of every member on every node, and nothing is left', async (t) => {
  const room = await alice.makeRoom()
  const other = await alice.makeRoom()
  await alice.add(room, bob, 'admin')
  await alice.add(other, bob)
  const { message } = (await call(alice, 'sendMessage', { params: { roomId: room.id }, body: { id: crypto.randomUUID(), text: 'gone soon' } })).body
  const sockets = await Promise.all([alice, bob].flatMap((person) => [one, two, three].map((node) => person.at(node).connect())))
  await sockets[4]?.do('reaction:add', { roomId: room.id, id: crypto.randomUUID(), seq: message.seq, emoji: '👍' })
  const outside = await mallory.at(two).connect()
  const params = { roomId: room.id }

  for (const [person, code] of [[bob, 'request.forbidden'], [mallory, 'request.forbidden']] as const) {
    t.equal((await call(person, 'deleteRoom', { params })).body.error.code, code)
  }
  t.equal((await call(alice.at(three), 'deleteRoom', { params })).status, 204)
  // At once, and not only with the next check of all rooms.
  for (const socket of sockets) t.same(await socket.next('room:left', undefined, 1000), { roomId: room.id })

  const fence = await alice.send(other, 'a fence')
  for (const socket of sockets) await socket.caughtUp(other.id, fence.seq)
  t.same(sockets.flatMap(({ received }) => received.filter(({ event }) => event === 'room:left')).length, sockets.length, 'once each')
  t.same(outside.received.map(({ event }) => event), ['session:ready'])
  for (const person of [alice, bob, mallory]) {
    for (const name of ['getRoom', 'deleteRoom', 'listMessages', 'readEvents', 'listMembers'] as const) {
      t.equal((await call(person, name, { params })).body.error.code, 'room.not_found', name)
    }
    t.notOk((await call(person, 'listRooms')).body.rooms.some(({ id }) => id === room.id))
  }
  t.equal((await sockets[0]?.ask('message:send', { roomId: room.id, id: crypto.randomUUID(), text: 'x' }))?.error?.code, 'room.not_found')
  await until('nothing of it is kept', async () => await countRows(room) === 0)
})

t.test('what is sent while a room is being deleted is not left behind', async (t) => {
  const room = await alice.makeRoom()
  const { sql } = one.app.database
  const deleting = await sql.begin(async (transaction) => {
    await transaction`select from rooms where id = ${room.id} for update`
    const deletion = call(alice, 'deleteRoom', { params: { roomId: room.id } })
    await untilSomebodyWaits(sql)
    // As a send does that was in front.
    await transaction`
      insert into room_events (room_id, seq, id, type, actor_id, at, message_number, text)
      values (${room.id}, 2, ${crypto.randomUUID()}, 'message.sent', ${alice.id}, now(), 1, 'just in time')`
    await transaction`update rooms set last_seq = 2, message_count = 1 where id = ${room.id}`
    return { deletion }
  })
  t.equal((await deleting.deletion).status, 204)
  await until('nothing of it is kept', async () => await countRows(room) === 0)
})

async function countRows ({ id }: Room): Promise<number> {
  const rows = await one.app.database.sql`
    select from room_events where room_id = ${id} union all select from reactions where room_id = ${id}
    union all select from members where room_id = ${id}`
  return rows.length
}

async function untilSomebodyWaits (sql: typeof one.app.database.sql): Promise<void> {
  const deadline = Date.now() + 5000
  for (;;) {
    const rows = await sql`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
    if (rows.length > 0) return
    if (Date.now() > deadline) throw new Error('Nobody came to wait for a lock within 5 s.')
  }
}

t.test('every answer of these calls has been seen', async (t) => {
  t.same(unseenAnswers(['makeRoom', 'listRooms', 'listDirectory', 'getRoom', 'changeRoom', 'deleteRoom']), [])
})
