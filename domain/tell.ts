import type { RoomEvent } from '../contract/index.ts'
import type { Appended } from '../db/queries/append-event.ts'
import type { GuardedEvent } from '../db/queries/append-to-room.ts'
import { toTimestamp } from '../db/rows.ts'
import type { Log } from './log.ts'

/** Says what was appended, without what it was decided on. */
export function tell (log: Log, event: GuardedEvent, { seq, atMs, epoch }: Appended): void {
  const { roomId, id, type, actorId, data } = event
  log.committed({ roomId, epoch, events: [{ roomId, seq, id, type, actorId, at: toTimestamp(atMs), data } as RoomEvent] })
}
