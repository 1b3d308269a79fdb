import { randomUUID } from 'node:crypto'
import type { Domain } from '../../domain/index.ts'
import type { Asking } from '../../realtime/command.ts'
import type { Feed } from '../../realtime/feed/feed.ts'
import { LocalRoom } from '../../realtime/feed/local-room.ts'
import { syncHandlers } from '../../realtime/handlers/sync.ts'
import type { Memberships } from '../../realtime/memberships.ts'
import { roomName } from '../../realtime/names.ts'
import { t } from '../suite.ts'

/** A sync whose reading ends as it is told to, which no real log does. */
function prepare (read: () => Promise<never[]>) {
  const roomId = randomUUID()
  const room = new LocalRoom({ roomId, lastSeq: 10, messageCount: 10, memberCount: 1, epoch: 'e' })
  const domain = { history: { requireMemberOfAll: async () => {}, readEventsOfRooms: read } } as unknown as Domain
  const feed = { get: () => room, catchUp: async () => {} } as unknown as Feed
  const asking = { actor: { userId: 'alice' }, socket: { rooms: new Set([roomName(roomId)]) } } as unknown as Asking
  const sync = syncHandlers(domain, feed, {} as Memberships)['room:sync']
  return { room, asking, sync: () => sync({ rooms: [{ roomId, after: 3 }] }, asking) }
}

t.test('a room is recorded only while a sync reads its log', async (t) => {
  const { room, sync } = prepare(async () => { t.ok(room.isRecorded); return [] })
  const answer = await sync()
  t.ok(room.isRecorded)
  if (typeof answer === 'function') answer()
  t.notOk(room.isRecorded)
})

t.test('and not after it could not read, or whoever asked is gone', async (t) => {
  const failing = prepare(async () => { t.ok(failing.room.isRecorded); throw new Error('away') })
  await t.rejects(failing.sync(), { message: 'away' })
  t.notOk(failing.room.isRecorded)

  const left = prepare(async () => [])
  const answer = await left.sync()
  left.asking.socket.rooms.clear()
  t.throws(() => { if (typeof answer === 'function') answer() }, { code: 'room.not_found' })
  t.notOk(left.room.isRecorded)
})
