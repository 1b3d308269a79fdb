import { randomUUID } from 'node:crypto'
import type { Message, Room } from '../../contract/index.ts'
import { call } from '../contract/call.ts'
import { startNodes } from '../helpers/node.ts'
import { people, type Person } from '../helpers/person.ts'
import { complaintsAbout, tell } from '../sockets/checked.ts'
import { t } from '../suite.ts'

const [one, two, three] = await startNodes(t, 3)
const [alice, bob, dot, mallory] = await people(one, 'alice', 'bob', 'bob.smith', 'mallory')

async function makeRoom (): Promise<Room> {
  const room = await alice.makeRoom({ kind: 'private' })
  for (const person of [bob, dot]) await alice.add(room, person)
  return room
}

async function standing (person: Person, { id }: Room) {
  const { rooms } = (await call(person, 'listRooms', { query: { limit: 500 } })).body
  return rooms.find((state) => state.id === id)
}

const countOf = async (person: Person, room: Room) => (await standing(person, room))?.unreadMentions
const edit = async (room: Room, { seq }: Message, text: string) => (await call(alice, 'editMessage', { params: { roomId: room.id, seq }, body: { id: randomUUID(), text } })).body
const remove = (person: Person, room: Room, { seq }: Message) => call(person, 'deleteMessage', { params: { roomId: room.id, seq }, body: { id: randomUUID() } })
const list = async (room: Room) => (await call(alice, 'listMessages', { params: { roomId: room.id } })).body.messages
const mentionsInLog = async (room: Room) => {
  const { events } = (await call(alice, 'readEvents', { params: { roomId: room.id } })).body
  return events.flatMap(({ type, data }) => type.startsWith('message.') ? [(data as { mentions?: string[] }).mentions] : [])
}
const rowsOf = async (room: Room) => await one.app.database.sql<Array<{ userId: string }>>`select user_id as "userId" from mentions where room_id = ${room.id}`

t.test('who is called by name is mentioned: members alone, in the order of the text, and not the author', async (t) => {
  const room = await makeRoom()
  const message = await alice.send(room, 'see @Bob.Smith. and @bob, @alice, @mallory, @nobody and bob@bob.example')
  t.same(message.mentions, [dot.id, bob.id])
  t.same((await list(room)).map(({ mentions }) => mentions), [[dot.id, bob.id]])
  t.same(await mentionsInLog(room), [[dot.id, bob.id]])
  const without = await alice.send(room, 'mail to mallory@example.com or @mallory')
  t.same(without.mentions, [])
  t.same(await mentionsInLog(room), [[dot.id, bob.id], undefined], 'where there are none there is no field')
  t.same([await countOf(bob, room), await countOf(dot, room), await countOf(alice, room)], [1, 1, 0])
  const again = await call(alice.at(two), 'sendMessage', { params: { roomId: room.id }, body: { id: message.id, text: '@bob' } })
  t.same([again.status, again.body.message], [200, message], 'a repeated id calls nobody again')
})

t.test('scenario: a mention raises the count on another node, and reading there sets it down', async (t) => {
  const room = await makeRoom()
  const [alice1, bob2, mallory3] = [await alice.connect(), await bob.at(two).connect(), await mallory.at(three).connect()]
  const { message } = await tell(alice1, 'message:send', { roomId: room.id, id: randomUUID(), text: 'hello @bob' })
  const [event] = (await bob2.caughtUp(room.id, message.seq)).slice(-1)
  t.match(event, { seq: message.seq, data: { text: 'hello @bob', mentions: [bob.id] } })
  const bob3 = await bob.at(three).connect()
  t.match(bob3.ready.rooms.find((state) => state.room.id === room.id), { lastSeq: message.seq, unread: 1, unreadMentions: 1 })
  await tell(bob3, 'read:mark', { roomId: room.id, seq: message.seq - 1 })
  t.equal(await countOf(bob, room), 1, 'not read yet')
  await tell(bob3, 'read:mark', { roomId: room.id, seq: message.seq })
  t.equal(await countOf(bob, room), 0)
  t.same(await rowsOf(room), [], 'and nothing of it is kept')
  await alice.send(room, '@bob again')
  t.equal(await countOf(bob.at(two), room), 1)
  await bob.send(room, 'what?')
  t.equal(await countOf(bob, room), 0, 'who answers has read it')
  t.same([alice1, bob2, bob3, mallory3].flatMap(complaintsAbout), [])
})

t.test('a message that calls somebody is not overtaken by those behind it, and many keep their order', async (t) => {
  const room = await makeRoom()
  const alice1 = await alice.connect()
  const texts = Array.from({ length: 60 }, (_, index) => index % 3 === 0 ? `@bob ${index}` : `${index}`)
  const sent = await Promise.all(texts.map((text) => tell(alice1, 'message:send', { roomId: room.id, id: randomUUID(), text })))
  t.same(sent.map(({ message }) => message.text), texts)
  t.same(sent.map(({ message }) => message.seq), Array.from(texts, (_, index) => 4 + index))
  t.equal(await countOf(bob, room), 20)
})

t.test('an edit calls whom it names now, and takes back whom it does not', async (t) => {
  const room = await makeRoom()
  const message = await alice.send(room, 'hello @bob')
  const edited = await edit(room, message, 'hello @bob.smith')
  t.match(edited, { event: { data: { text: 'hello @bob.smith', mentions: [dot.id] } }, message: { mentions: [dot.id] } })
  t.same(await mentionsInLog(room), [undefined, [dot.id]], 'with the older text goes whom it called')
  t.same([await countOf(bob, room), await countOf(dot, room)], [0, 1])
  await call(dot, 'markRead', { params: { roomId: room.id }, body: { seq: message.seq } })
  await edit(room, message, 'still @bob.smith, and @bob')
  t.same([await countOf(bob, room), await countOf(dot, room)], [1, 0], 'nobody is called twice')
  const { event, message: plain } = await edit(room, message, 'nobody')
  t.same([event.data, plain.mentions, await countOf(bob, room)], [{ seq: message.seq, text: 'nobody' }, [], 0])
  t.same(await mentionsInLog(room), [undefined, undefined, undefined, undefined])
  t.same(await rowsOf(room), [])
})

t.test('a deleted message mentions nobody', async (t) => {
  const room = await makeRoom()
  const message = await alice.send(room, 'hello @bob')
  await edit(room, message, 'hello @bob and @bob.smith')
  t.equal(await countOf(bob, room), 1)
  await remove(alice, room, message)
  t.same([await countOf(bob, room), await countOf(dot, room)], [0, 0])
  t.match(await list(room), [{ text: null, mentions: [] }])
  t.same(await mentionsInLog(room), [undefined, undefined, undefined])
  t.same([...await rowsOf(room)], [])
})

t.test('who leaves is not called any more, and comes back with nothing unread; a room that is deleted leaves nothing', async (t) => {
  const room = await makeRoom()
  await alice.send(room, '@bob @bob.smith')
  await bob.leave(room)
  t.same([...await rowsOf(room)].map(({ userId }) => userId), [dot.id])
  t.same((await alice.send(room, '@bob')).mentions, [])
  await alice.add(room, bob)
  t.equal(await countOf(bob, room), 0)
  t.equal((await call(alice, 'deleteRoom', { params: { roomId: room.id } })).status, 204)
  t.same([...await rowsOf(room)], [])
})

t.test('a text can call fifty people, and a hostile one breaks nothing', async (t) => {
  const room = await makeRoom()
  const crowd = Array.from({ length: 55 }, (_, index) => ({ id: randomUUID(), username: `member-${index}` }))
  const { sql } = one.app.database
  await sql`
    insert into users (id, username, display_name)
    select id, name, name from unnest(${crowd.map(({ id }) => id)}::uuid[], ${crowd.map(({ username }) => username)}::text[]) as person (id, name)`
  await sql`insert into members (room_id, user_id, role) select ${room.id}, id, 'member' from unnest(${crowd.map(({ id }) => id)}::uuid[]) as person (id)`
  const { mentions } = await alice.send(room, crowd.map(({ username }) => `@${username}`).join(' '))
  t.same(mentions, crowd.slice(0, 50).map(({ id }) => id))
  for (const text of ['@abc '.repeat(800), `@${'.'.repeat(3999)}`, '@"{\\}\',bob', '@null @undefined @constructor']) t.same((await alice.send(room, text)).mentions, [])
})

t.test('up to a hundred are counted, so that a storm of them makes nobody\'s connect dear; reading ends it', async (t) => {
  const room = await makeRoom()
  const messages = await Promise.all(Array.from({ length: 103 }, () => alice.send(room, 'again, @bob')))
  t.equal(await countOf(bob, room), 100)
  const { client, ready } = await bob.at(three).connect()
  t.equal(ready.rooms.find((state) => state.room.id === room.id)?.unreadMentions, 100)
  client.disconnect()
  const last = Math.max(...messages.map(({ seq }) => seq))
  await call(bob, 'markRead', { params: { roomId: room.id }, body: { seq: last - 2 } })
  t.equal(await countOf(bob, room), 2)
})
