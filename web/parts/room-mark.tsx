import type { RoomView } from '../stores/room-view.ts'
import { Icon } from '../ui/icon.tsx'
import { PersonAvatar } from './person.tsx'
import styles from './room-mark.module.css'

/** What a room is, at a glance: the other person of a direct one, a lock, or a hash. */
export function RoomMark ({ room: { kind, otherId, archivedAt } }: { room: Pick<RoomView, 'kind' | 'otherId' | 'archivedAt'> }) {
  if (otherId !== undefined) return <PersonAvatar userId={otherId} size='tiny' />
  return <span className={styles.mark}><Icon name={archivedAt !== null ? 'archive' : kind === 'private' ? 'lock' : 'hash'} size={16} /></span>
}
