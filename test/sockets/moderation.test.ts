import { randomUUID } from 'node:crypto'
import type { Room } from '../../contract/index.ts'
import { startNodes, type TestNode } from '../helpers/node.ts'
import { people, type Person } from '../helpers/person.ts'
import { until } from '../helpers/until.ts'
import { t } from '../suite.ts'
import { ask, codeOf, complaintsAbout, tell } from './checked.ts'

const nodes = await startNodes(t, 3)
const [one, two, three] = nodes
const [alice, bob, carol] = await people(one, 'alice', 'bob', 'carol')
const alice1 = await alice.connect()
const carol2 = await carol.at(two).connect()
const bobs = await Promise.all(nodes.map((node) => bob.at(node).connect()))
const [bob1, bob2, bob3] = bobs
if (!bob1 || !bob2 || !bob3) throw new Error('Bob is on three nodes.')
const other = await bob.makeRoom()

async function makeRoom (kind: 'public' | 'private' = 'public'): Promise<Room> {
  const room = await alice.makeRoom({ kind })
  for (const person of [bob, carol]) await alice.add(room, person)
  for (const socket of [alice1, carol2, ...bobs]) await socket.next('room:joined', (state) => state.room.id === room.id)
  return room
}

const ban = (by: Person, room: Room, person: Person) => by.put(`/rooms/${room.id}/bans/${person.id}`)
const mute = (by: Person, room: Room, person: Person, until?: string) => by.put(`/rooms/${room.id}/mutes/${person.id}`, until && { until })
const say = (room: Room, text: string) => ({ roomId: room.id, id: randomUUID(), text })

/** Shows that whatever was on its way to bob has arrived. */
async function fence (): Promise<void> {
  const { message } = await tell(bob1 as NonNullable<typeof bob1>, 'message:send', say(other, 'a fence'))
  for (const socket of bobs) await socket.caughtUp(other.id, message.seq)
}

/** From now on this node hears nothing of the room: every notice to it is lost. */
async function makeDeaf (node: TestNode, room: Room): Promise<void> {
  await node.app.redis.subscriber.sunsubscribe(`${node.app.redis.name('room')}:{${room.id}}`)
}

t.test('S4: whoever is banned amid messages sees no event at or after member.left, on any node, and is out', async (t) => {
  for (const [round, node] of nodes.entries()) {
    const room = await makeRoom(round % 2 ? 'private' : 'public')
    let isOver = false
    const writing = [alice1, carol2].map(async (writer) => {
      while (!isOver) await Promise.all([1, 2, 3].map(() => tell(writer, 'message:send', say(room, 'hello'))))
    })
    await carol2.caughtUp(room.id, 12)
    t.equal((await ban(alice.at(node), room, bob)).status, 200)
    for (const socket of bobs) t.same(await socket.next('room:left'), { roomId: room.id })
    isOver = true
    await Promise.all(writing)
    const last = await alice.send(room, 'the last one')
    await fence()
    const log = await carol2.caughtUp(room.id, last.seq)
    const left = log.find(({ type }) => type === 'member.left')
    t.match(left, { actorId: alice.id, data: { userId: bob.id } })
    for (const socket of bobs) {
      t.equal(socket.log(room.id).at(-1)?.seq, (left?.seq ?? 0) - 1, 'all up to there, and nothing from there on')
      t.match(await ask(socket, 'room:join', { roomId: room.id }), {
        ok: false, error: room.kind === 'public' ? { code: 'request.forbidden', message: 'You are banned from this room.' } : { code: 'room.not_found' }
      })
    }
    t.equal((await alice.delete(`/rooms/${room.id}/bans/${bob.id}`)).status, 204)
    if (room.kind === 'public') t.match(await tell(bob3, 'room:join', { roomId: room.id }), { lastSeq: last.seq + 1 })
  }
  for (const socket of [alice1, carol2, ...bobs]) t.same(complaintsAbout(socket), [])
})

t.test('S4: whoever is banned sees no later event and is taken out within 10 s, though every notice was lost', async (t) => {
  const room = await makeRoom('private')
  for (const node of [two, three]) await makeDeaf(node, room)
  await alice.send(room, 'before')
  await ban(alice, room, bob)
  const after = await alice.send(room, 'after')
  for (const socket of bobs) t.same(await socket.next('room:left', ({ roomId }) => roomId === room.id, 10_000), { roomId: room.id })
  await carol2.caughtUp(room.id, after.seq, 10_000)
  t.same(carol2.log(room.id).slice(-3).map(({ type }) => type), ['message.sent', 'member.left', 'message.sent'])
  await fence()
  for (const socket of bobs) t.same(socket.log(room.id).at(-1)?.seq, after.seq - 2, 'only what came before')
  t.equal(await codeOf(bob2, 'room:sync', { rooms: [{ roomId: room.id, after: 0 }] }), 'room.not_found')
})

t.test('whoever is muted says nothing from any node, and does the rest as before; everybody is told', async (t) => {
  const room = await makeRoom()
  const { message } = await tell(bob1, 'message:send', say(room, 'mine'))
  const ofMine = () => ({ roomId: room.id, id: randomUUID(), seq: message.seq })
  await tell(bob2, 'reaction:add', { ...ofMine(), emoji: '👍' })
  const { member } = (await mute(alice, room, bob)).body
  for (const socket of [carol2, ...bobs]) {
    t.match((await socket.caughtUp(room.id, message.seq + 2)).at(-1), { type: 'member.changed', data: { userId: bob.id, role: 'member', mutedUntil: member.mutedUntil } })
  }
  for (const socket of bobs) {
    const refused = { ok: false, error: { code: 'request.forbidden', message: 'You are muted in this room until somebody lifts it.', retryable: false } }
    t.match(await ask(socket, 'message:send', say(room, 'hello?')), refused)
    t.match(await ask(socket, 'message:edit', { ...ofMine(), text: 'changed' }), refused)
    t.match(await ask(socket, 'reaction:add', { ...ofMine(), emoji: '🎉' }), refused)
    t.match(await ask(socket, 'typing:start', { roomId: room.id }), refused)
    t.same(await tell(socket, 'typing:stop', { roomId: room.id }), {})
    t.equal((await tell(socket, 'room:sync', { rooms: [{ roomId: room.id, after: 0 }] })).rooms[0]?.lastSeq, message.seq + 2)
  }
  t.match(await tell(bob3, 'read:mark', { roomId: room.id, seq: message.seq + 2 }), { readSeq: message.seq + 2 })
  t.match(await tell(bob2, 'reaction:remove', { ...ofMine(), emoji: '👍' }), { event: { type: 'reaction.removed' } })
  t.match(await tell(bob3, 'message:delete', ofMine()), { event: { type: 'message.deleted' } })
  await tell(bob2, 'room:leave', { roomId: room.id })
  await tell(bob2, 'room:join', { roomId: room.id })
  t.equal(await codeOf(bob3, 'message:send', say(room, 'and now?')), 'request.forbidden', 'coming back changes nothing')

  await alice.delete(`/rooms/${room.id}/mutes/${bob.id}`)
  t.equal(await codeOf(bob2, 'typing:start', { roomId: room.id }), 'ok')
  const last = await tell(bob3, 'message:send', say(room, 'thank you'))
  const log = await carol2.caughtUp(room.id, last.message.seq)
  t.same(log.slice(-7).map(({ type }) => type), [
    'member.changed', 'reaction.removed', 'message.deleted', 'member.left', 'member.joined', 'member.changed', 'message.sent'
  ], 'and nothing else')
  for (const socket of [carol2, ...bobs]) t.same(complaintsAbout(socket), [])
})

t.test('a mute ends by itself at its time, without an event', async (t) => {
  const room = await makeRoom()
  const mutedUntil = new Date(Date.now() + 3000).toISOString()
  const { seq } = (await mute(alice, room, bob, mutedUntil), await carol2.caughtUp(room.id, 4)).at(-1) ?? { seq: 0 }
  await until('bob may speak again', async () => await codeOf(bob2, 'message:send', say(room, 'now?')) === 'ok')
  const [spoken] = (await carol2.caughtUp(room.id, seq + 1)).slice(-1)
  t.match(spoken, { seq: seq + 1, type: 'message.sent', actorId: bob.id })
  t.ok((spoken?.at ?? '') >= mutedUntil, `spoken at ${spoken?.at}, and muted until ${mutedUntil}`)
  const { members } = (await alice.get(`/rooms/${room.id}/members`)).body
  t.equal(members.find(({ userId }) => userId === bob.id)?.mutedUntil, null)
  t.equal(await codeOf(bob3, 'message:edit', { roomId: room.id, id: randomUUID(), seq: seq + 1, text: 'then' }), 'ok')
})
