import { randomUUID } from 'node:crypto'
import { limits, type CommandPayload, type Room, type RoomEvent } from '../../contract/index.ts'
import { startNodes } from '../helpers/node.ts'
import { people, type Person } from '../helpers/person.ts'
import type { TestSocket } from '../helpers/socket.ts'
import { t } from '../suite.ts'
import { ask, codeOf, complaintsAbout, tell } from './checked.ts'

const [one, two, three] = await startNodes(t, 3)
const [alice, bob, carol, mallory] = await people(one, 'alice', 'bob', 'carol', 'mallory')
const [alice1, carol2] = [await alice.connect(), await carol.at(two).connect()]

const sync = (socket: TestSocket, ...rooms: CommandPayload<'room:sync'>['rooms']) => tell(socket, 'room:sync', { rooms })
const send = (socket: TestSocket, { id: roomId }: Room, text = 'hello') => tell(socket, 'message:send', { roomId, id: randomUUID(), text })

async function makeRoom (...members: Person[]): Promise<Room> {
  const room = await alice.makeRoom({ kind: 'private' })
  for (const person of members) await alice.add(room, person)
  return room
}

/** Not all at once: a megabyte that waits for one client is too much for B1. */
async function fill (room: Room, count: number, text: string, atOnce = 15): Promise<void> {
  for (let sent = 0; sent < count; sent += atOnce) await Promise.all(Array.from({ length: Math.min(atOnce, count - sent) }, () => send(alice1, room, text)))
}

async function readLog ({ id }: Room): Promise<RoomEvent[]> {
  const events: RoomEvent[] = []
  for (;;) {
    const { body } = await alice.get(`/rooms/${id}/events?limit=500&after=${events.length}`)
    events.push(...body.events)
    if (events.length >= body.lastSeq) return events
  }
}

/** Repeats it while there is more, as a client does. */
async function syncAll (socket: TestSocket, { id: roomId }: Room, after = 0): Promise<{ events: RoomEvent[], answers: number }> {
  const events: RoomEvent[] = []
  for (let answers = 1; ; answers++) {
    const data = await sync(socket, { roomId, after: events.at(-1)?.seq ?? after })
    if (Buffer.byteLength(JSON.stringify({ ok: true, data })) > limits.syncBytes) throw new Error('The answer is larger than 256 kB.')
    const [synced] = data.rooms
    if (!synced || (synced.hasMore && synced.events.length === 0)) throw new Error('There is more, and nothing comes.')
    events.push(...synced.events)
    if (!synced.hasMore) return { events, answers }
  }
}

t.test('D2: a gap of any length is made whole, a page at a time', async (t) => {
  const room = await makeRoom(bob)
  await fill(room, 1200, 'hello', 400)
  const socket = await bob.at(three).connect()
  const { events, answers } = await syncAll(socket, room)
  t.same(events.map(({ seq }) => seq), Array.from({ length: 1202 }, (_, index) => index + 1))
  t.same(events, await readLog(room))
  t.ok(answers > 1)
  t.same((await syncAll(socket, room, 1190)).events, events.slice(1190))
  const [{ epoch } = { epoch: '' }] = socket.ready.rooms
  t.same(await sync(socket, { roomId: room.id, after: 1202, epoch }), { rooms: [{ roomId: room.id, events: [], lastSeq: 1202, epoch, hasMore: false }] })
})

t.test('D2: so is one of large messages; no answer is over 256 kB', async (t) => {
  const room = await makeRoom(bob)
  await fill(room, 45, '🫖'.repeat(4000))
  await fill(room, 45, '\u0001'.repeat(4000))
  const socket = await bob.at(three).connect()
  const { events, answers } = await syncAll(socket, room)
  t.same(events, await readLog(room))
  t.ok(answers >= 6)
})

t.test('a hundred rooms in one request; none is starved by the large ones before it', async (t) => {
  const [large, ...others] = await Promise.all(Array.from({ length: 100 }, () => makeRoom()))
  if (!large) throw new Error('There are a hundred rooms.')
  await fill(large, 60, '🫖'.repeat(4000))
  const socket = await alice.at(three).connect()
  const afters = new Map([large, ...others].map(({ id }) => [id, 0]))
  const waiting = new Set(afters.keys())
  for (let answers = 0; waiting.size > 0 && answers < 20; answers++) {
    const data = await sync(socket, ...[...waiting].map((roomId) => ({ roomId, after: afters.get(roomId) ?? 0 })))
    t.ok(Buffer.byteLength(JSON.stringify({ ok: true, data })) <= limits.syncBytes)
    t.same(data.rooms.map(({ roomId }) => roomId), [...waiting], 'answered in the order of the request')
    for (const { roomId, events, hasMore } of data.rooms) {
      afters.set(roomId, events.at(-1)?.seq ?? afters.get(roomId) ?? 0)
      if (!hasMore) waiting.delete(roomId)
    }
  }
  t.equal(afters.get(large.id), 61)
  t.ok(others.every(({ id }) => afters.get(id) === 1))
  const ids = Array.from({ length: 101 }, (_, index) => others[index % others.length]?.id ?? '')
  t.equal(await codeOf(socket, 'room:sync', { rooms: ids.map((roomId) => ({ roomId, after: 0 })) }), 'request.invalid', 'but no 101')
  t.same(await sync(socket), { rooms: [] })
})

t.test('a log that cannot be continued is read anew: reset', async (t) => {
  const room = await makeRoom(bob)
  await fill(room, 3, 'hello')
  const socket = await bob.at(three).connect()
  const { epoch } = (await alice.get(`/rooms/${room.id}/events`)).body
  const whole = await readLog(room)
  const expected = { rooms: [{ roomId: room.id, events: whole, lastSeq: 5, epoch, hasMore: false, reset: true }] }
  t.same(await sync(socket, { roomId: room.id, after: 6 }), expected, 'after is past the end')
  t.same(await sync(socket, { roomId: room.id, after: Number.MAX_SAFE_INTEGER, epoch }), expected)
  t.same(await sync(socket, { roomId: room.id, after: 5, epoch: randomUUID() }), expected, 'it is another log')
  t.same(await sync(socket, { roomId: room.id, after: 2, epoch: 'what' }), expected)
  t.same(await sync(socket, { roomId: room.id, after: 2, epoch }), { rooms: [{ roomId: room.id, events: whole.slice(2), lastSeq: 5, epoch, hasMore: false }] })
})

t.test('a client that knows of more than its new node does is told the rest, and not to read anew', async (t) => {
  const room = await makeRoom(bob)
  // Somebody is there already, and what is published does not arrive; that the way is alive, does.
  const early = await bob.at(three).connect()
  const { subscriber } = three.app.redis
  const listeners = subscriber.listeners('smessage') as Array<(channel: string, message: string) => void>
  subscriber.removeAllListeners('smessage')
  subscriber.on('smessage', (channel: string, message: string) => {
    if (channel.includes('probe')) for (const listener of listeners) listener.call(subscriber, channel, message)
  })
  const { message } = await send(alice1, room)
  const socket = await bob.at(three).connect()
  const { rooms: [synced] } = await sync(socket, { roomId: room.id, after: message.seq })
  t.match(synced, { events: [], lastSeq: message.seq, hasMore: false, reset: undefined })
  for (const told of [early, socket]) t.same((await told.caughtUp(room.id, message.seq)).map(({ seq }) => seq), [message.seq])
  t.match((await sync(socket, { roomId: room.id, after: message.seq + 1 })).rooms, [{ reset: true }], 'past the end is past the end')
  subscriber.removeAllListeners('smessage')
  for (const listener of listeners) subscriber.on('smessage', listener)
  for (const told of [early, socket]) t.same(complaintsAbout(told), [])
})

t.test('rooms that one is not in are refused, and named', async (t) => {
  const mine = await makeRoom(bob)
  const [closed, open] = [await makeRoom(), await alice.makeRoom({ kind: 'public' })]
  const socket = await bob.at(three).connect()
  const refused = await ask(socket, 'room:sync', { rooms: [mine, closed, open].map(({ id }) => ({ roomId: id, after: 0 })) })
  t.equal(refused.error?.code, 'room.not_found')
  t.same(refused.error?.details?.map(({ message }) => message), [closed.id, open.id])
  t.equal(await codeOf(socket, 'room:sync', { rooms: [{ roomId: open.id, after: 0 }] }), 'request.forbidden')
  t.equal(await codeOf(socket, 'room:sync', { rooms: [{ roomId: randomUUID(), after: 0 }] }), 'room.not_found')
  t.equal(await codeOf(socket, 'room:sync', { rooms: [{ roomId: mine.id, after: 0 }, { roomId: mine.id.toUpperCase(), after: 1 }] }), 'request.invalid', 'one room twice')
})

t.test('scenario 20: while others write, sync and live events together are the whole log, and join without a seam', async (t) => {
  const room = await makeRoom(bob, carol)
  await fill(room, 600, 'from before', 300)
  let isOver = false
  const writing = [alice1, carol2].map(async (writer) => {
    while (!isOver) await Promise.all(Array.from({ length: 5 }, () => send(writer, room)))
  })
  for (let round = 0; round < 12; round++) {
    const socket = await bob.at(round % 2 ? three : two).connect()
    const kept = new Map<number, RoomEvent>()
    for (let after = round * 50; ;) {
      const { data, place } = await ask(socket, 'room:sync', { rooms: [{ roomId: room.id, after }] })
      const [synced] = data?.rooms ?? []
      for (const event of synced?.events ?? []) kept.set(event.seq, event)
      after = synced?.events.at(-1)?.seq ?? after
      if (synced?.hasMore !== false) continue
      // What was sent live until then is in it, and what comes now follows.
      const toldBefore = seqsOf(socket, room, 0, place)
      t.ok(Math.max(0, ...toldBefore) <= after, 'it covers what was sent live')
      t.equal(synced.lastSeq, after)
      await socket.caughtUp(room.id, after + 1)
      t.equal(seqsOf(socket, room, place)[0], after + 1, 'the next live event follows it')
      break
    }
    const { message: last } = await send(alice1, room, 'a fence')
    for (const event of await socket.caughtUp(room.id, last.seq)) kept.set(event.seq, event)
    const log = (await readLog(room)).slice(round * 50, last.seq)
    t.same([...kept.values()].filter(({ seq }) => seq <= last.seq).toSorted((a, b) => a.seq - b.seq), log)
    t.same(complaintsAbout(socket), [])
    socket.close()
  }
  isOver = true
  await Promise.all(writing)
})

/** Seqs told live, from one place in what was received to another. */
function seqsOf (socket: TestSocket, { id }: Room, from: number, to?: number): number[] {
  return socket.received.slice(from, to).flatMap(({ event, payload }) => {
    const frame = payload as { roomId: string, events: RoomEvent[] }
    return event === 'room:events' && frame.roomId === id ? frame.events.map(({ seq }) => seq) : []
  })
}

t.test('what was deleted or edited meanwhile is told as it is now', async (t) => {
  const room = await makeRoom(bob)
  const socket = await bob.at(three).connect()
  const { message } = await send(alice1, room, 'a secret')
  await tell(alice1, 'message:edit', { roomId: room.id, id: randomUUID(), seq: message.seq, text: 'another secret' })
  await tell(alice1, 'message:delete', { roomId: room.id, id: randomUUID(), seq: message.seq })
  const { message: fence } = await send(alice1, room, 'a fence')
  await socket.caughtUp(room.id, fence.seq)
  const data = await sync(socket, { roomId: room.id, after: 0 })
  t.notMatch(JSON.stringify(data), /secret/)
  t.equal(data.rooms[0]?.events.length, 6)
})

t.test('whoever was removed cannot sync, not even what they had', async (t) => {
  const room = await makeRoom(mallory)
  const socket = await mallory.at(three).connect()
  await sync(socket, { roomId: room.id, after: 0 })
  await alice.remove(room, mallory)
  await socket.next('room:left')
  t.equal(await codeOf(socket, 'room:sync', { rooms: [{ roomId: room.id, after: 0 }] }), 'room.not_found')
})
