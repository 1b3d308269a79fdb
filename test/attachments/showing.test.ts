import { randomUUID } from 'node:crypto'
import { mkdir, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Attachment, Room } from '../../contract/index.ts'
import { createParley, emptyView, applyEvents } from '../../sdk/index.ts'
import { startNodes } from '../helpers/node.ts'
import { people, type Person } from '../helpers/person.ts'
import { until } from '../helpers/until.ts'
import { t } from '../suite.ts'
import { download, filesIn, makeFolder, makePicture, uploaded } from './world.ts'

const folder = await makeFolder(t)
const [one, two] = await startNodes(t, 2, { FILES_DIR: folder })
const [alice, bob, mallory] = await people(one, 'alice', 'bob', 'mallory')
const { sql } = one.app.database
const { attachments } = one.app.domain

async function makeClub (): Promise<Room> {
  const room = await alice.makeRoom({ kind: 'private' })
  await alice.add(room, bob)
  return room
}

const send = (who: Person, { id: roomId }: Room, files: Array<Pick<Attachment, 'id'>>, more: object = {}) =>
  who.post(`/rooms/${roomId}/messages`, { id: randomUUID(), text: '', attachmentIds: files.map(({ id }) => id), ...more })
const missing = { status: 404, body: { error: { code: 'attachment.not_found' } } }

t.test('bob sees what alice shows: live, in the log, among the messages, and the file itself on another node', async (t) => {
  const room = await makeClub()
  const bobSocket = await bob.at(two).connect()
  const aliceSocket = await alice.connect()
  const files = [await uploaded(alice, room, await makePicture({ width: 900 }), 'a.png'), await uploaded(alice, room)]
  const { message } = await aliceSocket.do('message:send', {
    roomId: room.id, id: randomUUID(), text: '', attachmentIds: files.map(({ id }) => id)
  })
  t.same(message.attachments, files)
  t.same(message.text, '')
  const live = (await bobSocket.caughtUp(room.id, message.seq)).at(-1)
  t.same(live?.data, { text: '', attachments: files })
  const { body: { events } } = await bob.get(`/rooms/${room.id}/events?after=${message.seq - 1}`)
  t.same(events, [live])
  const { body: { messages } } = await bob.get(`/rooms/${room.id}/messages`)
  t.same(messages.at(-1)?.attachments, files)
  t.same(applyEvents(emptyView(bob.id), events).messages.map(({ attachments }) => attachments), [files])
  for (const file of files) t.equal((await download(bob.at(two), room, file)).status, 200)
  t.equal((await download(bob.at(two), room, files[0] as Attachment, { thumbnail: true })).status, 200)
  t.equal((await download(mallory, room, files[0] as Attachment)).code, 'room.not_found')

  await alice.patch(`/rooms/${room.id}/messages/${message.seq}`, { id: randomUUID(), text: 'with words, @bob' })
  t.match((await bob.get(`/rooms/${room.id}/messages`)).body.messages.at(-1), { text: 'with words, @bob', mentions: [bob.id], attachments: files }, 'an edit leaves them')
  await alice.remove(room, bob)
  t.equal((await download(bob, room, files[0] as Attachment)).code, 'room.not_found', 'whoever is out sees no more of it')
})

t.test('a message shows only its sender\'s own uploads of this room that no other shows, all of them or none', async (t) => {
  const [room, other] = [await makeClub(), await makeClub()]
  const [mine, bobs, elsewhere, used] = [await uploaded(alice, room), await uploaded(bob, room), await uploaded(alice, other), await uploaded(alice, room)]
  t.equal((await send(alice, room, [used])).status, 201)
  for (const wrong of [bobs, elsewhere, used, { id: randomUUID() }]) t.match(await send(alice, room, [mine, wrong]), missing)
  t.match(await send(mallory, room, [mine]), { status: 404, body: { error: { code: 'room.not_found' } } })
  const { lastSeq } = (await alice.get(`/rooms/${room.id}/events`)).body
  t.equal((await send(alice, room, [mine])).status, 201, 'mine was left as it was')
  t.equal((await alice.get(`/rooms/${room.id}/events`)).body.lastSeq, lastSeq + 1)
  t.match(await send(alice, room, [mine, mine]), { status: 400 })
  t.match(await send(alice, room, []), { status: 400 })
  t.match(await alice.post(`/rooms/${room.id}/messages`, { id: randomUUID(), text: ' ' }),
    { status: 400, body: { error: { code: 'request.invalid', details: [{ path: '/text' }] } } }, 'nothing at all is no message')
})

t.test('sent again with its id it is the same message, also through another node, also when it is deleted', async (t) => {
  const room = await makeClub()
  const file = await uploaded(alice, room)
  const id = randomUUID()
  const answers = await Promise.all([alice, alice.at(two), alice, alice.at(two)].map((who) => send(who, room, [file], { id })))
  t.same(answers.map(({ status }) => status).toSorted(), [200, 200, 200, 201])
  t.equal(new Set(answers.map(({ body }) => body.message.seq)).size, 1)
  for (const { body } of answers) t.same(body.message.attachments, [file])
  const { seq } = answers[0]?.body.message ?? {}
  await alice.request('DELETE', `/rooms/${room.id}/messages/${seq}`, { body: { id: randomUUID() } })
  t.match(await send(alice, room, [file], { id }), { status: 200, body: { message: { seq, text: null, attachments: [] } } })
})

t.test('two messages at once for one upload: one has it', async (t) => {
  const room = await makeClub()
  for (let round = 0; round < 5; round++) {
    const file = await uploaded(alice, room)
    const answers = await Promise.all([alice, alice.at(two), alice, alice.at(two)].map((who) => send(who, room, [file])))
    t.same(answers.map(({ status }) => status).toSorted(), [201, 404, 404, 404])
  }
})

t.test('a message that is refused gives its uploads back', async (t) => {
  const room = await makeClub()
  const file = await uploaded(alice, room)
  t.match(await send(alice, room, [file], { replyTo: 999 }), { status: 404, body: { error: { code: 'message.not_found' } } })
  t.equal((await send(alice, room, [file])).status, 201)
  const bobs = await uploaded(bob, room)
  await alice.put(`/rooms/${room.id}/mutes/${bob.id}`)
  t.match(await send(bob, room, [bobs]), { status: 403, body: { error: { message: /muted/ } } })
  await alice.delete(`/rooms/${room.id}/mutes/${bob.id}`)
  t.equal((await send(bob, room, [bobs])).status, 201)
})

t.test('deleting a message makes its files unreachable at once, for everybody, and then they are gone', async (t) => {
  const room = await makeClub()
  const [file, kept] = [await uploaded(alice, room, await makePicture({ width: 900 }), 'a.png'), await uploaded(alice, room)]
  const { body: { message } } = await send(alice, room, [file])
  await send(alice, room, [kept])
  await alice.request('DELETE', `/rooms/${room.id}/messages/${message.seq}`, { body: { id: randomUUID() } })
  for (const who of [alice, bob.at(two)]) {
    t.equal((await download(who, room, file)).code, 'attachment.not_found')
    t.equal((await download(who, room, file, { thumbnail: true })).code, 'attachment.not_found')
  }
  const { body: { events } } = await bob.get(`/rooms/${room.id}/events?after=${message.seq - 1}&limit=1`)
  t.same(events[0]?.data, { text: null })
  t.match(await send(alice, room, [file]), missing, 'nor is it shown again')

  await attachments.sweep()
  const left = await filesIn(folder)
  t.notOk(left.some((name) => name.startsWith(file.id)))
  t.ok(left.includes(kept.id))
  t.same((await sql`select id from attachments where id = ${file.id}`).length, 0)
})

t.test('an upload that no message shows within a day goes; what was claimed by a message that never came as well', async (t) => {
  const room = await makeClub()
  const [fresh, old, forgotten, shown] = [await uploaded(alice, room), await uploaded(alice, room), await uploaded(alice, room), await uploaded(alice, room)]
  await send(alice, room, [shown])
  await sql`update attachments set message_id = ${randomUUID()} where id = ${forgotten.id}`
  await sql`update attachments set created_at = now() - interval '25 hours' where id in ${sql([old.id, forgotten.id, shown.id])}`
  t.match(await send(alice, room, [old]), missing)
  t.equal((await download(alice, room, old)).code, 'attachment.not_found')
  await attachments.dropForgotten()
  await attachments.sweep()
  const left = await filesIn(folder)
  t.same([fresh, old, forgotten, shown].map(({ id }) => left.includes(id)), [true, false, false, true])
})

t.test('the files of a deleted room go with it', async (t) => {
  const room = await makeClub()
  const [shown, unsent] = [await uploaded(alice, room), await uploaded(alice, room)]
  await send(alice, room, [shown])
  await alice.delete(`/rooms/${room.id}`)
  t.equal((await download(alice, room, shown)).code, 'room.not_found')
  await until('its log is removed', async () => (await sql`select from room_remains`).length === 0)
  await attachments.sweep()
  const left = await filesIn(folder)
  t.notOk(left.includes(shown.id) || left.includes(unsent.id))
  t.same((await sql`select id from attachments where room_id = ${room.id}`).length, 0)
})

t.test('many are swept in pieces, and two nodes at it at once do no harm', async (t) => {
  const room = await makeClub()
  const ids = Array.from({ length: 120 }, () => randomUUID())
  await sql`
    insert into attachments (id, room_id, uploader_id, name, type, size, created_at)
    select id, ${room.id}, ${alice.id}, 'a', 'text/plain', 1, 'epoch' from unnest(${ids}::uuid[]) as id`
  const count = async () => (await sql`select from attachments where id = any(${ids}::uuid[])`).length
  await Promise.all([attachments.sweep(), two.app.domain.attachments.sweep()])
  t.equal(await count(), 0)
})

t.test('in an archived room nothing is uploaded and nothing invited to; what is there can be read', async (t) => {
  const room = await makeClub()
  const [shown, unsent] = [await uploaded(alice, room), await uploaded(alice, room)]
  await send(alice, room, [shown])
  const { body: { token } } = await alice.post(`/rooms/${room.id}/invitations`)
  await alice.patch(`/rooms/${room.id}`, { archived: true })
  const archived = { status: 409, body: { error: { code: 'room.archived' } } }
  t.match(await alice.post(`/rooms/${room.id}/attachments`), archived)
  t.match(await send(alice, room, [unsent]), archived)
  t.match(await alice.post(`/rooms/${room.id}/invitations`), archived)
  t.match(await mallory.post(`/invitations/${token}/accept`), archived)
  t.equal((await download(bob, room, shown)).status, 200)
})

t.test('the SDK uploads, sends through the outbox, and says where files are', async (t) => {
  const saved: string[] = []
  const storage = { get: () => saved.at(-1), set: (_key: string, value: string) => { saved.push(value) } }
  const parley = createParley({ url: one.url, storage })
  t.teardown(() => { parley.close() })
  await parley.signIn({ username: 'alice', password: alice.password })
  const room = await parley.rooms.make({ name: 'Gallery', kind: 'private' })
  const { id, ...file } = await room.upload(new Blob(['words'], { type: 'text/plain' }), 'words.txt')
  t.match(file, { name: 'words.txt', type: 'text/plain', size: 5 })
  const sent = room.send('', { attachmentIds: [id] })
  t.match(room.pending[0]?.payload, { attachmentIds: [id] })
  t.same((await sent).attachments.map((attachment) => attachment.id), [id])
  t.ok(saved.some((text) => text.includes(id)), 'a reload would have sent it with them')
  t.equal(parley.attachmentUrl(room, { id }), `${one.url}/api/rooms/${room.id}/attachments/${id}`)
  t.equal(room.attachmentUrl({ id }, { thumbnail: true }), `${one.url}/api/rooms/${room.id}/attachments/${id}/thumbnail`)
  await t.rejects(room.upload(new Blob(['\0'])), { code: 'attachment.refused' })
})

t.test('a file that cannot be removed waits, and holds up no other', async (t) => {
  const room = await makeClub()
  const [stuck, other] = [await uploaded(alice, room), await uploaded(alice, room)]
  const path = join(folder, stuck.id.slice(0, 2), stuck.id)
  await rm(path)
  await mkdir(path)
  await sql`update attachments set created_at = 'epoch' where id in ${sql([stuck.id, other.id])}`
  await t.rejects(attachments.sweep(), { code: 'server.unavailable' })
  t.same(await sql`select id from attachments where id in ${sql([stuck.id, other.id])}`, [{ id: stuck.id }])
  t.notOk((await filesIn(folder)).includes(other.id))

  await rmdir(path)
  await attachments.sweep()
  t.same((await sql`select from attachments where id = ${stuck.id}`).length, 0)
})
