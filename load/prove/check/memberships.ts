import type { ClientHistory } from '../history.ts'
import type { Truth } from '../truth.ts'
import type { Violation } from './violation.ts'

/** In the end every open connection is in exactly the rooms that Postgres says. */
export function checkMemberships ({ name, userId, connections }: ClientHistory, truth: Truth): Violation[] {
  const open = connections.at(-1)
  if (!open || open.closedAt !== undefined) return []
  const rooms = new Set<string>()
  for (const frame of open.frames) {
    if (frame.kind === 'ready') for (const { roomId } of frame.rooms) rooms.add(roomId)
    else if (frame.kind === 'joined') rooms.add(frame.roomId)
    else if (frame.kind === 'left') rooms.delete(frame.roomId)
  }
  return [...truth.values()].flatMap(({ roomId, name: room, memberIds }) => {
    if (rooms.has(roomId) === memberIds.has(userId)) return []
    const sentence = rooms.has(roomId) ? `${name} is no member of ${room}, and was not taken out.` : `${name} is a member of ${room}, and was not let in.`
    return [{ kind: 'membership' as const, roomId, client: name, sentence }]
  })
}
