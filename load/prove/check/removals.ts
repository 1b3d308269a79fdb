import type { RoomEvent } from '../../../contract/index.ts'
import type { ClientHistory, Connection } from '../history.ts'
import type { RoomTruth, Truth } from '../truth.ts'
import type { Violation } from './violation.ts'

/** The seqs of somebody's `member.joined` and `member.left` in a room. */
export interface Stay {
  joins: number[]
  leaves: number[]
}

/** A removed member sees no event at or after their `member.left`, unless they were let in again: then from there on. */
export function checkRemovals (client: ClientHistory, truth: Truth): Violation[] {
  const stays = new Map([...truth.values()].map((room) => [room.roomId, findStay(room, client.userId)]))
  const found = client.connections.flatMap((connection) => checkConnection(connection, stays))
  const kept = [...client.logs].flatMap(([roomId, log]) => {
    const end = endOf(stays.get(roomId))
    return log.filter(({ event }) => event.seq >= end).map(({ event }) => event)
  })
  return [...found, ...kept].map(({ roomId, seq, type }) => ({
    kind: 'afterRemoval',
    roomId,
    seq,
    client: client.name,
    sentence: `${client.name} saw seq ${seq} (${type}) of ${truth.get(roomId)?.name} after having left at ${stays.get(roomId)?.leaves.join(', ')}.`
  }))
}

function checkConnection ({ frames }: Connection, stays: Map<string, Stay>): RoomEvent[] {
  const baselines = new Map<string, number>()
  const wrong: RoomEvent[] = []
  for (const frame of frames) {
    if (frame.kind === 'ready') for (const { roomId, lastSeq } of frame.rooms) baselines.set(roomId, lastSeq)
    else if (frame.kind === 'joined') baselines.set(frame.roomId, frame.lastSeq)
    else if (frame.kind === 'live') wrong.push(...frame.events.filter((event) => isTooLate(event, baselines, stays)))
  }
  return wrong
}

/** Whoever came back may be shown what happened while they were out, if they were let in after they had left. */
function isTooLate ({ roomId, seq }: RoomEvent, baselines: Map<string, number>, stays: Map<string, Stay>): boolean {
  const stay = stays.get(roomId)
  const left = stay?.leaves.findLast((leave) => leave <= seq)
  if (!stay || left === undefined) return false
  return (baselines.get(roomId) ?? 0) < left || !stay.joins.some((join) => join > left)
}

/** The `member.left` after which there was no return. */
function endOf (stay: Stay | undefined): number {
  const left = stay?.leaves.at(-1)
  return left === undefined || stay?.joins.some((join) => join > left) ? Infinity : left
}

/** Where somebody entered and left a room. */
export function findStay ({ events }: RoomTruth, userId: string): Stay {
  const seqsOf = (type: RoomEvent['type']) => events
    .filter((event) => event.type === type && 'userId' in event.data && event.data.userId === userId)
    .map(({ seq }) => seq)
  return { joins: seqsOf('member.joined'), leaves: seqsOf('member.left') }
}
