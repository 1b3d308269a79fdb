import type { CommandPayload, SyncedRoom } from '../../contract/index.ts'
import { ParleyError } from '../../sdk/errors.ts'
import type { Asker } from '../../sdk/link.ts'
import { RoomModel } from '../../sdk/room-model.ts'
import { Syncing } from '../../sdk/syncing.ts'
import { t } from '../suite.ts'
import { makeEvent } from './log-world.ts'
import { upTo } from './helpers.ts'

type Payload = CommandPayload<'room:sync'>

/** Rooms of which each lacks some events, and a server that the test plays. */
function openWorld (count: number, answer: (payload: Payload) => SyncedRoom[], lastSeq = 3) {
  const asked: string[][] = []
  const given = new Map<string, number[]>()
  const refused: string[] = []
  const ask = async (_name: string, payload: Payload) => {
    asked.push(payload.rooms.map(({ roomId }) => roomId))
    return { rooms: answer(payload) }
  }
  const syncing = new Syncing({
    rest: () => { throw new Error('nobody is ahead') },
    onRefused: (room) => {
      refused.push(room.roomId)
      room.leave()
    },
    onError: (error) => { throw error }
  })
  const rooms = upTo(count).map((number) => {
    const room: RoomModel = new RoomModel({
      roomId: `room ${number}`,
      start: 'beginning',
      position: undefined,
      userId: () => 'alice',
      onError: () => {},
      onStep: () => { syncing.look(room) },
      onEvents: (_room, events) => { given.set(room.roomId, [...given.get(room.roomId) ?? [], ...events.map(({ seq }) => seq)]) },
      onReset: () => {},
      onChange: () => {}
    })
    room.enter('joined', {
      room: { id: room.roomId, kind: 'private', name: '', topic: null, createdAt: '', memberCount: 1, archivedAt: null }, lastSeq, epoch: 'e', readSeq: 0, unread: 0, unreadMentions: 0
    })
    return room
  })
  const untilDone = async () => {
    while (rooms.some((room) => room.ask)) await new Promise((resolve) => { setTimeout(resolve, 5) })
  }
  return { syncing, link: { ask } as unknown as Asker, asked, given, refused, untilDone }
}

function page (payload: Payload, size: number, last = 3): SyncedRoom[] {
  return payload.rooms.map(({ roomId, after }) => ({
    roomId, events: upTo(last).filter((seq) => seq > after).slice(0, size).map(makeEvent), lastSeq: last, epoch: 'e', hasMore: after + size < last
  }))
}

t.test('a hundred rooms are asked for at once, page by page', async (t) => {
  const { syncing, link, asked, given, untilDone } = openWorld(250, (payload) => page(payload, 2))
  syncing.connected(link)
  await untilDone()
  t.equal(given.size, 250)
  for (const seqs of given.values()) t.same(seqs, [1, 2, 3])
  t.ok(asked.length >= 5 && asked.length <= 6 && asked.every((rooms) => rooms.length <= 100))
})

t.test('refused rooms are named in the details: they are dropped, and the rest is asked for again', async (t) => {
  const { syncing, link, given, refused, untilDone } = openWorld(10, (payload) => {
    const gone = payload.rooms.filter(({ roomId }) => ['room 2', 'room 7'].includes(roomId))
    if (gone.length === 0) return page(payload, 10)
    throw new ParleyError('room.not_found', { details: gone.map(({ roomId }) => ({ path: '/rooms', message: roomId })) })
  })
  syncing.connected(link)
  await untilDone()
  t.same(refused, ['room 2', 'room 7'])
  t.equal(given.size, 8)
})

t.test('a refusal that names nobody is found out room by room', async (t) => {
  const { syncing, link, given, refused, untilDone } = openWorld(6, (payload) => {
    if (payload.rooms.some(({ roomId }) => roomId === 'room 4')) throw new ParleyError('request.forbidden')
    return page(payload, 10)
  })
  syncing.connected(link)
  await untilDone()
  t.same(refused, ['room 4'])
  t.equal(given.size, 5)
})

t.test('a failure that passes is tried again; a room that gets nothing at first is next', async (t) => {
  let count = 0
  const { syncing, link, asked, given, untilDone } = openWorld(3, (payload) => {
    if (++count === 1) throw new ParleyError('server.unavailable', { retryAfterMs: 10 })
    // The answer is full after the first room.
    return page(payload, 1).map((answer, index) => index === 0 ? answer : { ...answer, events: [], hasMore: true })
  })
  syncing.connected(link)
  await untilDone()
  t.same([...given.values()], [[1, 2, 3], [1, 2, 3], [1, 2, 3]])
  t.same(asked.slice(1, 4).map(([first]) => first), ['room 1', 'room 2', 'room 3'])
})
