import { randomUUID } from 'node:crypto'
import type { Room } from '../../contract/index.ts'
import { call, unseenAnswers } from '../contract/call.ts'
import { startNodes } from '../helpers/node.ts'
import { people, stranger, type Person } from '../helpers/person.ts'
import { until } from '../helpers/until.ts'
import { t } from '../suite.ts'

const [one, two] = await startNodes(t, 2)
const [alice, bob, mallory] = await people(one, 'alice', 'bob', 'mallory')

async function makeRoom (...texts: string[]): Promise<Room> {
  const room = await alice.makeRoom({ kind: 'private' })
  await alice.add(room, bob)
  for (const text of texts) await alice.send(room, text)
  return room
}

const inRoom = (person: Person, { id: roomId }: Room, query: string, more = {}) => call(person, 'searchRoom', { params: { roomId }, query: { query, ...more } })
const everywhere = (person: Person, query: string, more = {}) => call(person, 'searchMessages', { query: { query, ...more } })
const found = async (room: Room, query: string) => (await inRoom(bob, room, query)).body.results.map(({ message }) => message.text)

t.test('all words must occur, whatever their order and case; the last may be the beginning of one', async (t) => {
  const room = await makeRoom('The Cake is ready', 'cakes for everybody', 'a birthday cake', 'tea')
  t.same(await found(room, 'cake'), ['a birthday cake', 'cakes for everybody', 'The Cake is ready'], 'the newest first')
  t.same(await found(room, 'READY cake'), ['The Cake is ready'])
  t.same(await found(room, 'cake birth'), ['a birthday cake'])
  t.same(await found(room, 'birth cake'), [], 'only the last one')
  t.same(await found(room, 'the'), ['The Cake is ready'], 'there are no words too common')
  t.same(await found(room, '  tea\t'), ['tea'])
  const { body } = await inRoom(bob, room, 'tea')
  const [message] = (await call(bob, 'listMessages', { params: { roomId: room.id }, query: { limit: 1 } })).body.messages
  t.same(body, { results: [{ message, roomId: room.id }], cursor: null })
})

t.test('words of any language, names, addresses and hyphens are found', async (t) => {
  const room = await makeRoom('Schöne Grüße aus ÜBERSEE', 'привет мир', '東京 タワー', 'write to ann@example.com', 'a well-known thing', 'see https://example.org/path/to', 'it\'s 3.14')
  const cases: Array<[query: string, text: string]> = [
    ['grüße', 'Schöne Grüße aus ÜBERSEE'], ['überse', 'Schöne Grüße aus ÜBERSEE'], ['ПРИВЕТ', 'привет мир'], ['東', '東京 タワー'],
    ['ann@exa', 'write to ann@example.com'], ['ann@example.com', 'write to ann@example.com'], ['well-kno', 'a well-known thing'],
    ['known', 'a well-known thing'], ['example.org/pa', 'see https://example.org/path/to'], ['it\'s', 'it\'s 3.14'], ['3.14', 'it\'s 3.14']
  ]
  for (const [query, text] of cases) t.same(await found(room, query), [text], query)
})

t.test('what was edited is found by what it says now, what was deleted by nothing', async (t) => {
  const room = await makeRoom('first words', 'second words')
  const params = { roomId: room.id, seq: 3 }
  await call(alice, 'editMessage', { params, body: { id: randomUUID(), text: 'other sentence' } })
  t.same(await found(room, 'first'), [])
  t.same(await found(room, 'sentence'), ['other sentence'])
  await call(alice, 'deleteMessage', { params, body: { id: randomUUID() } })
  t.same(await found(room, 'sentence'), [])
  t.same(await found(room, 'words'), ['second words'])
})

t.test('nobody finds anything in a room that they are not in, or not any longer', async (t) => {
  const word = `w${randomUUID().slice(0, 8)}`
  const [tea, milk] = [await makeRoom(`${word} tea`), await makeRoom(`${word} milk`)]
  const texts = async (person: Person) => (await everywhere(person, word)).body.results.map(({ message }) => message.text)
  t.same(await texts(bob.at(two)), [`${word} milk`, `${word} tea`])
  t.same(await texts(mallory), [])
  t.match(await inRoom(mallory, tea, word), { status: 404, body: { error: { code: 'room.not_found' } } })
  await bob.leave(tea)
  t.same(await texts(bob), [`${word} milk`])
  t.match(await inRoom(bob, tea, word), { status: 404, body: { error: { code: 'room.not_found' } } })
  await call(alice, 'deleteRoom', { params: { roomId: milk.id } })
  t.same(await texts(bob), [])
  for (const path of [`/rooms/${tea.id}/search?query=x`, '/search?query=x']) t.match(await stranger(one).get(path), { status: 401 })
})

t.test('pages follow each other without a gap or a repeat, also among messages of one moment', async (t) => {
  const word = `w${randomUUID().slice(0, 8)}`
  const rooms = [await makeRoom(), await makeRoom()]
  await Promise.all(Array.from({ length: 20 }, (_, index) => alice.send(rooms[index % 2] as Room, `${word} ${index}`)))
  const [first] = rooms as [Room]
  const all = (await everywhere(bob, word, { limit: 100 })).body.results
  t.equal(all.length, 20)
  t.same(all.map(({ message }) => message.at), all.map(({ message }) => message.at).sort().reverse())
  async function readPages (ask: (cursor: string | null) => ReturnType<typeof everywhere>): Promise<unknown[]> {
    const results: unknown[] = []
    let cursor: string | null = null
    do {
      const { body } = await ask(cursor)
      results.push(...body.results)
      cursor = body.cursor
    } while (cursor !== null)
    return results
  }
  t.same(await readPages((cursor) => everywhere(bob, word, { limit: 3, ...(cursor && { cursor }) })), all)
  t.same(
    await readPages((cursor) => inRoom(bob, first, word, { limit: 3, ...(cursor && { before: cursor }) })),
    all.filter(({ roomId }) => roomId === first.id)
  )
})

t.test('a query is words and nothing else: none is an expression, and none is a failure', async (t) => {
  const room = await makeRoom('it is what it is', 'a b')
  const hostile = [
    '\'&|!()', 'a & !b', '!it', 'it | zebra', ':*', 'it:*', 'it:A', '<->', 'what <2> is', '\\', '\\\'', '\'it\':*', '((((', '"it', '%', '_', '$1', '\'; drop table rooms; --',
    '&'.repeat(200), '\''.repeat(200), '\\'.repeat(200), '🫖', '🫖'.repeat(200), 'ü'.repeat(200), 'a '.repeat(100), '\u202E', '\u0001', 'x:y:z', '-', '- -', '<b>', '&amp;', 'http://', '@', '#'
  ]
  for (const query of hostile) {
    t.equal((await inRoom(bob, room, query)).status, 200, query)
    t.equal((await everywhere(bob, query)).status, 200, query)
  }
  t.same(await found(room, 'it | zebra'), [], 'no word of it is an operator')
  t.same(await found(room, '!it'), ['it is what it is'])
  t.same(await found(room, 'it \'&|!()'), ['it is what it is'], 'what is no word does not count')
  t.same(await found(room, '\'&|!()'), [])
  for (const query of ['', ' ', 'a\0b', 'x'.repeat(4000), '\'&|!()'.repeat(600)]) {
    t.match(await everywhere(bob, query), { status: 400, body: { error: { code: 'request.invalid', details: [{ path: '/query' }] } } }, query.slice(0, 10))
  }
  for (const place of [{ atMs: 1e300, roomId: room.id, seq: 1 }, { atMs: 0, roomId: 'x', seq: 1 }, { atMs: 0, roomId: room.id, seq: 1.5 }, { atMs: 0.5, roomId: room.id, seq: 1 }, { atMs: -8.64e15, roomId: room.id, seq: 1 }, null, 7]) {
    const cursor = Buffer.from(JSON.stringify(place)).toString('base64url')
    t.match(await everywhere(bob, 'it', { cursor }), { status: 400, body: { error: { details: [{ path: '/cursor' }] } } })
  }
})

t.test('every answer of these calls has been seen', async (t) => {
  t.same(unseenAnswers(['searchRoom', 'searchMessages']), [])
})

t.test('however many searches wait for Postgres, the rest goes on', async (t) => {
  const room = await makeRoom('tea')
  const pending: Array<Promise<{ status: number }>> = []
  await two.app.database.sql.begin(async (sql) => {
    await sql`lock table room_events in access exclusive mode`
    const searches = Array.from({ length: 20 }, () => mallory.get('/search?query=tea'))
    await until('some wait', async () => (await sql`select pid from pg_locks where relation = 'room_events'::regclass and not granted`).length >= 2)
    t.equal(await Promise.race([bob.get('/rooms').then(({ status }) => status), ...searches.map(async (search) => { await search; return 'a search' })]), 200)
    t.equal((await bob.get(`/rooms/${room.id}/members`)).status, 200)
    pending.push(...searches)
  })
  for (const { status } of await Promise.all(pending)) t.ok([200, 503].includes(status))
  t.same(await found(room, 'tea'), ['tea'])
})
