import type { SyncedRoom } from '../../../contract/index.ts'
import type { RoomLog } from '../check/room-log.ts'
import type { Connection } from './connection.ts'
import type { Surroundings } from './person.ts'

const roomsPerSync = 100

interface Syncing extends Pick<Surroundings, 'tally' | 'hearing' | 'patience'> {
  rooms: ReadonlyMap<string, RoomLog>
  connection: Connection
}

/** Asks for what was missed, until nothing is left. @throws ParleyError when the connection ends before. */
export async function syncRooms ({ rooms, connection, ...surroundings }: Syncing): Promise<void> {
  const wanting = new Map(rooms)
  while (wanting.size > 0) {
    const asked = [...wanting].slice(0, roomsPerSync).map(([roomId, log]) => ({ roomId, after: log.top }))
    const ask = (): ReturnType<typeof connection.ask<'room:sync'>> => connection.ask('room:sync', { rooms: asked })
    const { rooms: answers } = await surroundings.patience.persist('syncs', ask, () => connection.isReady)
    for (const answer of answers) {
      const log = wanting.get(answer.roomId)
      const after = asked.find(({ roomId }) => roomId === answer.roomId)?.after
      if (!log || after === undefined) continue
      take(answer, log, after, surroundings)
      if (!answer.hasMore) wanting.delete(answer.roomId)
    }
  }
}

function take ({ roomId, events, lastSeq, hasMore, reset }: SyncedRoom, log: RoomLog, after: number, { tally, hearing }: Omit<Syncing, 'rooms' | 'connection'>): void {
  const isWhole = hasMore || after + events.length === lastSeq
  if (reset || !isWhole) tally.faults.mismatched++
  hearing.read({ roomId, events })
  const isNew = new Set(log.synced(after, events.map(({ seq }) => seq)))
  tally.counts.caughtUp += events.filter(({ seq, type }) => type === 'message.sent' && isNew.has(seq)).length
}
