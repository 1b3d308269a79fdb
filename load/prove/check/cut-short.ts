import type { ClientHistory, Connection } from '../history.ts'

/**
 * Whether a client was told that a room goes up to this seq, and was out of it before it could ask for what it had missed.
 * Whoever is out stays without: only for those who are not let in again.
 */
export function isCutShort ({ connections }: ClientHistory, roomId: string, seq: number): boolean {
  return connections.some((connection) => isUnsynced(connection, roomId, seq))
}

function isUnsynced ({ frames }: Connection, roomId: string, seq: number): boolean {
  let isWanting = false
  let isOut = false
  for (const frame of frames) {
    if (frame.kind === 'ready') isWanting = frame.rooms.some((room) => room.roomId === roomId && room.lastSeq >= seq)
    else if (frame.roomId !== roomId) continue
    else if (frame.kind === 'joined') [isWanting, isOut] = [frame.lastSeq >= seq, false]
    else if (frame.kind === 'left') isOut = true
    else if (frame.kind === 'synced' && !isOut && !frame.hasMore) isWanting = false
  }
  return isWanting
}
