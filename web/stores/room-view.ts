import type { Room as RoomDetails, User } from '../../contract/index.ts'
import type { Room } from '../../sdk/index.ts'

/** A room of mine as lists show it. A value: it is another object only when something in it is other. */
export interface RoomView {
  readonly id: string
  readonly kind: RoomDetails['kind']
  /** Its name; of a direct room the other person's. */
  readonly title: string
  readonly topic: string
  readonly memberCount: number
  /** The other person of a direct room. */
  readonly otherId: string | undefined
  readonly unread: number
  readonly unreadMentions: number
  readonly archivedAt: string | null
}

interface Viewer {
  users: Readonly<Record<string, User>>
  userId: string
}

export function viewRooms (rooms: readonly Room[], viewer: Viewer): { rooms: RoomView[], merge: (before: readonly RoomView[]) => RoomView[] } {
  const views = rooms.flatMap((room) => room.details ? [viewRoom(room, room.details, viewer)] : [])
  views.sort((a, b) => a.title.localeCompare(b.title) || (a.id < b.id ? -1 : 1))
  return {
    rooms: views,
    merge: (before) => {
      const known = new Map(before.map((view) => [view.id, view]))
      return views.map((view) => {
        const old = known.get(view.id)
        return old && isSame(old, view) ? old : view
      })
    }
  }
}

export function viewRoom ({ id, unread, unreadMentions }: Pick<Room, 'id' | 'unread' | 'unreadMentions'>, details: RoomDetails, { users, userId }: Viewer): RoomView {
  const otherId = details.userIds?.find((other) => other !== userId)
  return {
    id,
    kind: details.kind,
    title: details.name ?? (otherId === undefined ? 'Notes to myself' : users[otherId]?.displayName ?? '…'),
    topic: details.topic ?? '',
    memberCount: details.memberCount,
    otherId,
    unread,
    unreadMentions,
    archivedAt: details.archivedAt
  }
}

function isSame (a: RoomView, b: RoomView): boolean {
  return (Object.keys(a) as Array<keyof RoomView>).every((key) => a[key] === b[key])
}

export function sameRooms (before: readonly RoomView[], now: readonly RoomView[]): boolean {
  return before.length === now.length && before.every((view, index) => isSame(view, now[index] as RoomView))
}

/** What is unread in all of them; a direct message counts as a mention. */
export function countUnread (rooms: readonly RoomView[]): { unread: number, calls: number } {
  return rooms.reduce((sum, { kind, unread, unreadMentions }) => ({
    unread: sum.unread + unread,
    calls: sum.calls + (kind === 'direct' ? unread : unreadMentions)
  }), { unread: 0, calls: 0 })
}
