import { randomUUID } from 'node:crypto'
import type { Room } from '../../contract/index.ts'
import { call, unseenAnswers } from '../contract/call.ts'
import { startNodes } from '../helpers/node.ts'
import { people, type Person } from '../helpers/person.ts'
import { t } from '../suite.ts'

const [one, two] = await startNodes(t, 2)
const [alice, adam, bob, ben, mallory] = await people(one, 'alice', 'adam', 'bob', 'ben', 'mallory')

async function makeRoom (): Promise<Room> {
  const room = await alice.makeRoom({ kind: 'private' })
  await alice.add(room, adam, 'admin')
  for (const person of [bob, ben]) await alice.add(room, person)
  return room
}

const send = (person: Person, { id: roomId }: Room, body: object) => call(person, 'sendMessage', { params: { roomId }, body: { id: randomUUID(), text: 'hello', ...body } })
const edit = (person: Person, { id: roomId }: Room, seq: number, body: object) => call(person, 'editMessage', { params: { roomId, seq }, body: { id: randomUUID(), text: 'edited', ...body } })
const remove = (person: Person, { id: roomId }: Room, seq: number, id: string = randomUUID()) => call(person, 'deleteMessage', { params: { roomId, seq }, body: { id } })
const list = async (person: Person, { id: roomId }: Room, query: Record<string, unknown> = {}) => (await call(person, 'listMessages', { params: { roomId }, query })).body

t.test('D3: an id gives its message, first 201 and then 200, from any node, whatever else is in the request', async (t) => {
  const room = await makeRoom()
  const id = randomUUID()
  const first = await send(bob, room, { id, text: ' once ' })
  t.equal(first.status, 201)
  t.match(first.body.message, { roomId: room.id, seq: 5, id, authorId: bob.id, text: 'once', replyTo: null, reactions: [], editedAt: null, deletedAt: null })
  for (const body of [{ id }, { id: id.toUpperCase() }, { id, text: 'twice' }, { id, text: 'once', replyTo: 999 }]) {
    const again = await send(bob.at(two), room, body)
    t.equal(again.status, 200)
    t.same(again.body.message, first.body.message)
  }
  for (const attempt of [send(alice, room, { id }), edit(bob, room, 5, { id }), remove(bob, room, 5, id)]) {
    const { status, body } = await attempt
    t.equal(status, 409)
    t.equal(body.error.code, 'request.id_taken')
    t.notMatch(JSON.stringify(body), /once|"seq"/)
  }
  t.equal((await list(bob, room)).messages.length, 1)
  const elsewhere = await makeRoom()
  t.equal((await send(bob, elsewhere, { id })).status, 201, 'an id is taken in its room only')
})

t.test('a text has 1 to 4,000 characters after trimming, whatever they are', async (t) => {
  const room = await makeRoom()
  for (const text of ['x', '🫖'.repeat(4000), `  ${'ü'.repeat(4000)}\n`, '\u202Eabc', '\u0001\u007f', '"\\\u2028', '٠', 'a\tb\r\nc', '<script>alert(1)</script>', '{{1+1}} %s']) {
    const { status, body } = await send(bob, room, { text })
    t.equal(status, 201)
    t.equal(body.message.text, text.trim())
  }
  for (const text of ['', ' ', '\n\t\u00a0\ufeff', '🫖'.repeat(4001), 'a\0b', '\ud800', 7, null, ['x'], undefined]) {
    t.match(await send(bob, room, { text }), { status: 400, body: { error: { code: 'request.invalid', details: [{ path: '/text' }] } } })
  }
})

t.test('scenario 21: who acts is who is signed in, whatever the request says', async (t) => {
  const room = await makeRoom()
  for (const field of ['userId', 'actorId', 'authorId', 'author', 'seq', 'at', 'user']) {
    t.match((await send(bob, room, { [field]: alice.id })).body.error, { code: 'request.invalid', details: [{ path: `/${field}` }] })
  }
  const { status, body } = await bob.request('POST', `/rooms/${room.id}/messages`, {
    body: { id: randomUUID(), text: 'hello' }, headers: { 'x-user-id': alice.id, authorization: `Bearer ${alice.id}` }
  })
  t.equal(status, 201)
  t.equal(body.message.authorId, bob.id)
})

t.test('an answer names a message of the same room', async (t) => {
  const [room, elsewhere] = [await makeRoom(), await makeRoom()]
  const { message } = (await send(bob, room, {})).body
  const answer = await send(alice, room, { replyTo: message.seq })
  t.equal(answer.body.message.replyTo, message.seq)
  for (const replyTo of [1, 999, answer.body.message.seq + 1, Number.MAX_SAFE_INTEGER]) {
    t.match(await send(alice, room, { replyTo }), { status: 404, body: { error: { code: 'message.not_found' } } })
  }
  t.equal((await send(alice, elsewhere, { replyTo: message.seq })).body.error.code, 'message.not_found')
  await remove(bob, room, message.seq)
  t.equal((await send(alice, room, { replyTo: message.seq })).status, 201, 'also one that has been deleted')
})

t.test('history: the last, those before, those after, between; ascending, and it says whether there is more', async (t) => {
  const room = await makeRoom()
  for (let count = 1; count <= 12; count++) {
    await send(bob, room, { text: `${count}` })
    // Other events take seqs in between.
    if (count === 6) await call(alice, 'changeRoom', { params: { roomId: room.id }, body: { topic: 'half way' } })
  }
  const page = async (query: object) => {
    const { messages, hasMore } = await list(ben, room, { ...query })
    return [messages.map(({ text }) => Number(text)), hasMore]
  }
  const all = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
  // 1 to 6 are seq 5 to 10, the topic is 11, and 7 to 12 are seq 12 to 17.
  t.same(await page({}), [all, false])
  t.same(await page({ limit: 100 }), [all, false])
  t.same(await page({ limit: 12 }), [all, false])
  t.same(await page({ limit: 11 }), [all.slice(1), true])
  t.same(await page({ limit: 3 }), [[10, 11, 12], true])
  t.same(await page({ before: 12, limit: 2 }), [[5, 6], true])
  t.same(await page({ before: 8, limit: 3 }), [[1, 2, 3], false])
  t.same(await page({ before: 8, limit: 2 }), [[2, 3], true])
  t.same(await page({ before: 1 }), [[], false])
  t.same(await page({ before: 999, limit: 1 }), [[12], true])
  t.same(await page({ after: 0, limit: 3 }), [[1, 2, 3], true])
  t.same(await page({ after: 10, limit: 2 }), [[7, 8], true])
  t.same(await page({ after: 15, limit: 2 }), [[11, 12], false])
  t.same(await page({ after: 17 }), [[], false])
  t.same(await page({ after: 999 }), [[], false])
  t.same(await page({ after: 6, before: 13, limit: 100 }), [[3, 4, 5, 6, 7], false])
  t.same(await page({ after: 6, before: 13, limit: 2 }), [[3, 4], true])
  for (const query of [{ limit: 0 }, { limit: 101 }, { before: 0 }, { after: -1 }, { limit: 'x' }]) {
    t.equal((await call(ben, 'listMessages', { params: { roomId: room.id }, query })).body.error.code, 'request.invalid', JSON.stringify(query))
  }
})

t.test('the author edits, and nobody else does', async (t) => {
  const room = await makeRoom()
  const { message } = (await send(bob, room, { text: 'first' })).body
  for (const person of [alice, adam, ben]) t.match(await edit(person, room, message.seq, {}), { status: 403, body: { error: { code: 'request.forbidden' } } })
  t.equal((await edit(mallory, room, message.seq, {})).body.error.code, 'room.not_found')
  const id = randomUUID()
  const { status, body } = await edit(bob, room, message.seq, { id, text: ' second ' })
  t.equal(status, 200)
  t.match(body, { message: { ...message, text: 'second', editedAt: /Z$/ }, event: { seq: message.seq + 1, id, type: 'message.edited', data: { seq: message.seq, text: 'second' } } })
  t.same((await edit(bob.at(two), room, message.seq, { id, text: 'third' })).body, body, 'the same id gives the first result')
  await edit(bob, room, message.seq, { text: 'third' })
  const { events } = (await call(ben, 'readEvents', { params: { roomId: room.id }, query: { after: message.seq - 1 } })).body
  t.same(events.map(({ type, data }) => [type, 'text' in data && data.text]), [
    ['message.sent', null], ['message.edited', null], ['message.edited', 'third']
  ], 'the older texts are gone')
  t.match((await edit(bob.at(two), room, message.seq, { id, text: 'x' })).body.event.data, { text: null })
  for (const seq of [1, 2, message.seq + 1, 999]) t.match(await edit(bob, room, seq, {}), { status: 404, body: { error: { code: 'message.not_found' } } }, `${seq} is no message`)
  t.equal((await edit(bob, room, message.seq, { text: '' })).body.error.code, 'request.invalid')
})

t.test('author, owner and admin delete; a deleted message stands with text null, everywhere, and can do no more', async (t) => {
  const room = await makeRoom()
  const { message: answered } = (await send(alice, room, { text: 'a secret' })).body
  for (const [person, code] of [[ben, 'request.forbidden'], [mallory, 'room.not_found']] as const) {
    t.equal((await remove(person, room, answered.seq)).body.error.code, code)
  }
  for (const person of [bob, adam, alice]) {
    const { message } = (await send(bob, room, { text: 'a secret', replyTo: answered.seq })).body
    await edit(bob, room, message.seq, { text: 'another secret' })
    const reaction = await (await ben.connect()).do('reaction:add', { roomId: room.id, id: randomUUID(), seq: message.seq, emoji: '👍' })
    const id = randomUUID()
    const { status, body } = await remove(person, room, message.seq, id)
    t.equal(status, 200)
    t.match(body, {
      message: { seq: message.seq, id: message.id, authorId: bob.id, text: null, replyTo: answered.seq, reactions: [], deletedAt: /Z$/ },
      event: { seq: (reaction.event?.seq ?? 0) + 1, id, type: 'message.deleted', actorId: person.id, data: { seq: message.seq } }
    })
    t.same((await remove(person.at(two), room, message.seq, id)).body, body, 'the same id again')
    t.match(await remove(person, room, message.seq), { status: 409, body: { error: { code: 'message.deleted' } } })
    t.match(await edit(bob, room, message.seq, {}), { status: 409, body: { error: { code: 'message.deleted' } } })
    t.match((await send(bob, room, { id: message.id })).body.message, { seq: message.seq, text: null }, 'a late retry of the send')
  }
  await remove(alice, room, answered.seq)
  const { events } = (await call(ben, 'readEvents', { params: { roomId: room.id }, query: { limit: 500 } })).body
  t.notMatch(JSON.stringify(events), /secret/)
  t.notMatch(JSON.stringify(await list(ben, room)), /secret/)
  t.equal((await list(ben, room)).messages.length, 4)
  t.same(events.map(({ seq }) => seq), events.map((_, index) => index + 1))
})

t.test('whose reaction it is, everybody is told for themselves', async (t) => {
  const room = await makeRoom()
  const { message } = (await send(bob, room, {})).body
  const sockets = { alice: await alice.connect(), bob: await bob.connect(), ben: await ben.at(two).connect() }
  const react = (name: keyof typeof sockets, emoji: string) => sockets[name].do('reaction:add', { roomId: room.id, id: randomUUID(), seq: message.seq, emoji })
  await react('alice', '🎉')
  await react('bob', '👍')
  await react('ben', '🎉')
  t.same((await list(alice, room)).messages[0]?.reactions, [{ emoji: '🎉', count: 2, mine: true }, { emoji: '👍', count: 1, mine: false }])
  t.same((await list(bob, room)).messages[0]?.reactions, [{ emoji: '🎉', count: 2, mine: false }, { emoji: '👍', count: 1, mine: true }])
})

t.test('every answer of these calls has been seen', async (t) => {
  t.same(unseenAnswers(['listMessages', 'sendMessage', 'editMessage', 'deleteMessage']), [])
})
