import type { RoomView } from '../../stores/room-view.ts'

/** Rooms that match, best first: those that begin with the text, then words that do, then the rest; what is unread wins. */
export function rankRooms (rooms: readonly RoomView[], text: string): RoomView[] {
  const wanted = text.toLocaleLowerCase()
  const scored = rooms.flatMap((room) => {
    const score = scoreOf(room, wanted)
    return score === undefined ? [] : [{ room, score }]
  })
  return scored.sort((a, b) => b.score - a.score).map(({ room }) => room)
}

function scoreOf ({ title, unread, unreadMentions, archivedAt }: RoomView, wanted: string): number | undefined {
  const name = title.toLocaleLowerCase()
  const at = name.indexOf(wanted)
  if (at === -1) return undefined
  const place = at === 0 ? 4 : /[\s_-]/.test(name.charAt(at - 1)) ? 3 : 2
  const news = unreadMentions > 0 ? 0.8 : unread > 0 ? 0.5 : 0
  return place + news - (archivedAt === null ? 0 : 4)
}
