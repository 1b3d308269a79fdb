import type { RoomEvent } from '../../../contract/index.ts'
import type { Baseline, ClientHistory, Connection, Frame } from '../history.ts'
import type { Truth } from '../truth.ts'
import type { Violation, ViolationKind } from './violation.ts'

/** How far one connection has been told of a room. */
interface Told {
  tail: number
  isIn: boolean
  readonly seen: Set<number>
}

type Complain = (kind: ViolationKind, roomId: string, sentence: string, seq?: number) => void

/** On one connection each room's events come once, in order, with no gap, from where the room was introduced. */
export function checkConnection ({ name }: ClientHistory, connection: Connection, truth: Truth): Violation[] {
  const rooms = new Map<string, Told>()
  const found: Violation[] = []
  const nameOf = (roomId: string): string => truth.get(roomId)?.name ?? roomId
  const complain: Complain = (kind, roomId, sentence, seq) => {
    found.push({ kind, roomId, client: name, ...(seq !== undefined && { seq }), sentence: `${name}, connection ${connection.id}: ${sentence} (${nameOf(roomId)}).` })
  }
  const introduce = ({ roomId, lastSeq, epoch }: Baseline): void => {
    rooms.set(roomId, { tail: lastSeq, isIn: true, seen: new Set() })
    const life = truth.get(roomId)?.epoch
    if (life !== undefined && life !== epoch) complain('reset', roomId, `the room was introduced with epoch ${epoch}, and lives as ${life}`)
  }

  for (const frame of connection.frames) {
    switch (frame.kind) {
      case 'ready':
        for (const baseline of frame.rooms) introduce(baseline)
        break
      case 'joined':
        introduce(frame)
        break
      case 'left': {
        const room = rooms.get(frame.roomId)
        if (room) room.isIn = false
        break
      }
      case 'live':
        for (const event of frame.events) checkLive(event, rooms.get(event.roomId), complain)
        break
      case 'synced':
        checkSync(frame, rooms.get(frame.roomId), complain)
        break
    }
  }
  return found
}

function checkLive ({ roomId, seq, type }: RoomEvent, room: Told | undefined, complain: Complain): void {
  if (!room) {
    complain('unannounced', roomId, `seq ${seq} (${type}) came before anything else was said of the room`, seq)
    return
  }
  if (!room.isIn) complain('afterRemoval', roomId, `seq ${seq} (${type}) came after room:left`, seq)
  else if (room.seen.has(seq)) complain('repeated', roomId, `seq ${seq} came twice`, seq)
  else if (seq <= room.tail) complain('reordered', roomId, `seq ${seq} came after ${room.tail}`, seq)
  else if (seq > room.tail + 1) complain('gap', roomId, `seq ${seq} came after ${room.tail}`, seq)
  room.seen.add(seq)
  room.tail = Math.max(room.tail, seq)
}

function checkSync (frame: Extract<Frame, { kind: 'synced' }>, room: Told | undefined, complain: Complain): void {
  const { roomId, after, events, lastSeq, epoch, hasMore, isReset } = frame
  if (isReset) complain('reset', roomId, `a sync after ${after} was answered with a reset (the log ends at ${lastSeq}, epoch ${epoch})`)
  const start = isReset ? (events[0]?.seq ?? 1) - 1 : after
  const odd = events.find(({ seq }, index) => seq !== start + index + 1)
  if (odd) complain('gap', roomId, `a sync after ${after} holds seq ${odd.seq} in the wrong place`, odd.seq)
  if (hasMore) return
  const end = start + events.length
  if (end !== lastSeq) complain('sync', roomId, `a sync after ${after} says that it reaches ${lastSeq}, and ends at ${end}`)
  if (room?.isIn && lastSeq !== room.tail) complain('sync', roomId, `a sync reaches ${lastSeq}, while ${room.tail} was the last that came live`)
}
