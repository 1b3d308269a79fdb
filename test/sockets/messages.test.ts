import { randomUUID } from 'node:crypto'
import { startNodes } from '../helpers/node.ts'
import { people } from '../helpers/person.ts'
import { t } from '../suite.ts'
import { ask, codeOf, complaintsAbout, tell } from './checked.ts'

const [one, two, three] = await startNodes(t, 3)
const [alice, adam, bob, mallory] = await people(one, 'alice', 'adam', 'bob', 'mallory')
const room = await alice.makeRoom({ kind: 'private' })
const elsewhere = await mallory.makeRoom({ kind: 'private' })
await alice.add(room, adam, 'admin')
await alice.add(room, bob)
const roomId = room.id
const [alice1, adam1, bob2, mallory3] = [await alice.connect(), await adam.connect(), await bob.at(two).connect(), await mallory.at(three).connect()]

const send = (text = 'hello', more: object = {}) => tell(alice1, 'message:send', { roomId, id: randomUUID(), text, ...more })
const about = (seq: number) => ({ roomId, id: randomUUID(), seq })

t.test('D3: message:send and POST are the same verb: the same id is the same message by either', async (t) => {
  const [first, second] = [randomUUID(), randomUUID()]
  const bySocket = await tell(bob2, 'message:send', { roomId, id: first, text: ' hi ' })
  const byRest = await bob.at(three).post(`/rooms/${roomId}/messages`, { id: first, text: 'other' })
  t.equal(byRest.status, 200)
  t.same(byRest.body.message, bySocket.message)
  const made = await bob.at(three).post(`/rooms/${roomId}/messages`, { id: second, text: 'hi' })
  t.same((await tell(bob2, 'message:send', { roomId, id: second.toUpperCase(), text: 'other' })).message, made.body.message)
  const log = await alice1.caughtUp(roomId, made.body.message.seq)
  t.same(log.slice(-2).map(({ id }) => id), [first, second], 'and each was told once')
  t.equal(await codeOf(alice1, 'message:send', { roomId, id: first, text: 'mine' }), 'request.id_taken')
})

t.test('D3: twenty retries at once, on two nodes and by REST, are one message', async (t) => {
  const id = randomUUID()
  const bob3 = await bob.at(three).connect()
  const retries = Array.from({ length: 20 }, async (_, index) => {
    if (index % 3 === 2) return (await bob.post(`/rooms/${roomId}/messages`, { id, text: 'once' })).body.message.seq
    return (await tell(index % 3 ? bob2 : bob3, 'message:send', { roomId, id, text: 'once' })).message.seq
  })
  t.equal(new Set(await Promise.all(retries)).size, 1)
  const { message } = await send('a fence')
  const log = await bob3.caughtUp(roomId, message.seq)
  t.equal(log.filter((event) => event.id === id).length, 1)
})

t.test('what is wrong with a message is said, and nothing is sent', async (t) => {
  const { message: first } = await send()
  const id = randomUUID()
  t.equal(await codeOf(alice1, 'message:send', { roomId, id, text: '   ' }), 'request.invalid')
  t.equal(await codeOf(alice1, 'message:send', { roomId, id, text: 'x'.repeat(4001) }), 'request.invalid')
  t.equal(await codeOf(alice1, 'message:send', { roomId, id, text: 'x', replyTo: 1 }), 'message.not_found')
  t.equal(await codeOf(alice1, 'message:send', { roomId, id, text: 'x', replyTo: 9999 }), 'message.not_found')
  t.equal(await codeOf(mallory3, 'message:send', { roomId, id, text: 'x' }), 'room.not_found')
  t.equal((await send('an answer', { replyTo: first.seq })).message.seq, first.seq + 1)
})

t.test('the author edits; author, admin and owner delete; nobody else', async (t) => {
  const { message } = await tell(bob2, 'message:send', { roomId, id: randomUUID(), text: 'bob\'s' })
  const { seq } = message
  t.equal(await codeOf(alice1, 'message:edit', { ...about(seq), text: 'x' }), 'request.forbidden')
  t.equal(await codeOf(mallory3, 'message:edit', { ...about(seq), text: 'x' }), 'room.not_found')
  t.equal(await codeOf(bob2, 'message:edit', { ...about(1), text: 'x' }), 'message.not_found')
  t.equal(await codeOf(bob2, 'message:edit', { ...about(seq), text: ' ' }), 'request.invalid')
  const edit = { ...about(seq), text: 'edited' }
  const { event } = await tell(bob2, 'message:edit', edit)
  t.match(event, { roomId, seq: seq + 1, id: edit.id, type: 'message.edited', actorId: bob.id, data: { seq, text: 'edited' } })
  t.same(await tell(bob2, 'message:edit', { ...edit, text: 'otherwise' }), { event }, 'the same command again')
  t.equal(await codeOf(bob2, 'message:delete', { ...about(seq), id: edit.id }), 'request.id_taken')

  const { message: alices } = await send()
  t.equal(await codeOf(bob2, 'message:delete', about(alices.seq)), 'request.forbidden')
  t.equal(await codeOf(adam1, 'message:delete', about(alices.seq)), 'ok')
  const deletion = about(seq)
  const deleted = await tell(alice1, 'message:delete', deletion)
  t.same(await tell(alice1, 'message:delete', deletion), deleted)
  for (const socket of [alice1, bob2]) t.equal(await codeOf(socket, 'message:delete', about(seq)), 'message.deleted')
  t.equal(await codeOf(bob2, 'message:edit', { ...about(seq), text: 'x' }), 'message.deleted')
  t.match((await tell(bob2, 'message:edit', edit)).event, { seq: seq + 1, data: { seq, text: null } }, 'a late retry of the edit tells no text')
})

t.test('a reaction is there once, however often it is added, from any device', async (t) => {
  const { message: { seq } } = await send()
  const bob3 = await bob.at(three).connect()
  const first = about(seq)
  const added = await tell(bob2, 'reaction:add', { ...first, emoji: ' 👍 ' })
  t.match(added.event, { type: 'reaction.added', actorId: bob.id, data: { seq, emoji: '👍' } })
  t.same(await tell(bob3, 'reaction:add', { ...first, emoji: '👍' }), added)
  const answers = await Promise.all([bob2, bob3, bob2, bob3].map((socket) => tell(socket, 'reaction:add', { ...about(seq), emoji: '👍' })))
  for (const answer of answers) t.same(answer, added)
  const others = await Promise.all([bob2, bob3, bob2, bob3].map((socket) => tell(socket, 'reaction:add', { ...about(seq), emoji: '🎉' })))
  t.equal(new Set(others.map(({ event }) => event?.seq)).size, 1, 'also all at once')

  const removed = await tell(bob3, 'reaction:remove', { ...about(seq), emoji: '👍' })
  t.match(removed.event, { type: 'reaction.removed', data: { seq, emoji: '👍' } })
  t.same(await tell(bob2, 'reaction:remove', { ...about(seq), emoji: '👍' }), { event: null }, 'there is none any more')
  t.same(await tell(alice1, 'reaction:remove', { ...about(seq), emoji: '🎉' }), { event: null }, 'nor is bob\'s alice\'s')
  await tell(bob2, 'reaction:add', { ...about(seq), emoji: '👍' })
  await tell(alice1, 'reaction:add', { ...about(seq), emoji: '👍' })
  t.match((await alice.get(`/rooms/${roomId}/messages?after=${seq - 1}&limit=1`)).body.messages[0]?.reactions, [
    { emoji: '🎉', count: 1, mine: false }, { emoji: '👍', count: 2, mine: true }
  ])
  const { message: fence } = await send('a fence')
  const types = (await alice1.caughtUp(roomId, fence.seq)).filter((event) => event.seq > seq && event.seq < fence.seq).map(({ type }) => type)
  t.same(types, ['reaction.added', 'reaction.added', 'reaction.removed', 'reaction.added', 'reaction.added'])

  for (const emoji of ['', ' ', 'x'.repeat(33)]) t.equal(await codeOf(bob2, 'reaction:add', { ...about(seq), emoji }), 'request.invalid')
  t.equal(await codeOf(bob2, 'reaction:add', { ...about(1), emoji: 'x' }), 'message.not_found')
  t.equal(await codeOf(mallory3, 'reaction:add', { ...about(seq), emoji: 'x' }), 'room.not_found')
  await tell(alice1, 'message:delete', about(seq))
  t.equal(await codeOf(bob2, 'reaction:add', { ...about(seq), emoji: 'x' }), 'message.deleted')
  t.equal(await codeOf(bob2, 'reaction:remove', { ...about(seq), emoji: '👍' }), 'message.deleted')
})

t.test('commands of one connection to one room are done in the order in which they came, whatever they are', async (t) => {
  const { message: { seq } } = await send('to be changed')
  const commands = Array.from({ length: 60 }, (_, index) => {
    if (index % 6 === 1) return ask(alice1, 'message:edit', { ...about(seq), text: `edit ${index}` }).then(({ data }) => data?.event.seq ?? 0)
    if (index % 6 === 3) return ask(alice1, 'reaction:add', { ...about(seq), emoji: `e${index}` }).then(({ data }) => data?.event?.seq ?? 0)
    return ask(alice1, 'message:send', { roomId, id: randomUUID(), text: `${index}` }).then(({ data }) => data?.message.seq ?? 0)
  })
  const noise = Array.from({ length: 60 }, (_, index) => tell(bob2, 'message:send', { roomId, id: randomUUID(), text: `noise ${index}` }))
  const seqs = await Promise.all(commands)
  await Promise.all(noise)
  t.same(seqs, seqs.toSorted((a, b) => a - b))
  t.equal(new Set(seqs).size, 60)
})

t.test('large messages, many at once, come in frames of at most 64 kB', async (t) => {
  const texts = ['🫖'.repeat(4000), '\u0001'.repeat(4000), 'x'.repeat(4000)]
  const sent: Array<Awaited<ReturnType<typeof send>>> = []
  // Not all at once: a megabyte that waits for one client is too much for B1.
  for (let round = 0; round < 4; round++) sent.push(...await Promise.all(Array.from({ length: 12 }, (_, index) => send(texts[index % 3]))))
  const last = Math.max(...sent.map(({ message }) => message.seq))
  const log = await bob2.caughtUp(roomId, last)
  const found = new Map(log.map((event) => [event.seq, event.data]))
  for (const { message } of sent) t.match(found.get(message.seq), { text: message.text })
})

t.test('scenario 16: mallory, on her node, was told nothing of all this, and everybody else all in order', async (t) => {
  await mallory3.do('message:send', { roomId: elsewhere.id, id: randomUUID(), text: 'a fence' })
  await mallory3.caughtUp(elsewhere.id, 2)
  t.same(mallory3.received.map(({ event }) => event), ['session:ready', 'room:events'])
  for (const socket of [alice1, adam1, bob2, mallory3]) t.same(complaintsAbout(socket), [])
})
