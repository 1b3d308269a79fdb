import { untilLifted, type Role, type RoomEvent } from '../../../../contract/index.ts'
import { joinNames } from '../text/names.ts'
import { toShortTime } from '../text/times.ts'

/** What happens in a room beside messages. */
export type Notice = Extract<RoomEvent, { type: 'member.joined' | 'member.left' | 'member.changed' | 'room.changed' }>

export function isNotice (event: RoomEvent): event is Notice {
  return event.type.startsWith('member.') || event.type === 'room.changed'
}

/** Whether two that follow each other are told in one line: people who come, or go, the same way. */
export function areAlike (a: Notice, b: Notice): boolean {
  if (a.type === 'member.joined' && b.type === 'member.joined') return howOf(a) === howOf(b)
  if (a.type === 'member.left' && b.type === 'member.left') return howOf(a) === howOf(b)
  return false
}

function howOf ({ actorId, data }: Extract<Notice, { type: 'member.joined' | 'member.left' }>): string {
  return actorId === data.userId ? 'self' : actorId
}

const roles: Record<Role, string> = { owner: 'an owner', admin: 'an admin', member: 'a member' }

/** One sentence for events that are alike, at least one. `nameOf` gives what to call somebody. */
export function describeNotices (notices: readonly Notice[], nameOf: (userId: string) => string): string {
  const [first] = notices
  if (!first) return ''
  const actor = nameOf(first.actorId)
  const people = joinNames(notices.flatMap((notice) => 'userId' in notice.data ? nameOf(notice.data.userId) : []))
  switch (first.type) {
    case 'member.joined': return first.actorId === first.data.userId ? `${people} joined` : `${actor} added ${people}`
    case 'member.left': return first.actorId === first.data.userId ? `${people} left` : `${actor} removed ${people}`
    case 'member.changed': return `${actor} ${describeChange(first, people)}`
    case 'room.changed': return `${actor} ${describeRoom(first.data)}`
  }
}

function describeChange ({ data: { role, mutedUntil } }: Extract<Notice, { type: 'member.changed' }>, who: string): string {
  if (mutedUntil === null) return `let ${who} speak again`
  if (mutedUntil === undefined) return `made ${who} ${roles[role]}`
  return mutedUntil === untilLifted ? `muted ${who}` : `muted ${who} until ${toShortTime(mutedUntil)}`
}

function describeRoom ({ name, topic, archivedAt }: Extract<Notice, { type: 'room.changed' }>['data']): string {
  const parts = [
    name !== undefined && `named the room “${name}”`,
    topic !== undefined && (topic === '' ? 'took the topic away' : `set the topic to “${topic}”`),
    archivedAt === null && 'opened the room again',
    archivedAt !== null && archivedAt !== undefined && 'archived the room'
  ]
  return parts.filter(Boolean).join(' and ') || 'changed the room'
}
