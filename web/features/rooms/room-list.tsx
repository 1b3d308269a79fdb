import { useId, type ReactNode } from 'react'
import { NavLink } from 'react-router'
import { RoomMark } from '../../parts/room-mark.tsx'
import type { RoomView } from '../../stores/room-view.ts'
import { CountBadge } from '../../ui/badge.tsx'
import { classNames } from '../../ui/class-names.ts'
import styles from './sidebar.module.css'

interface RoomListProps {
  title: string
  isTitleHidden?: boolean
  rooms: readonly RoomView[]
  emptyText: string
  actions?: ReactNode
}

export function RoomList ({ title, isTitleHidden = false, rooms, emptyText, actions }: RoomListProps) {
  const id = useId()
  return (
    <section aria-labelledby={id}>
      <div className={classNames(styles.title, isTitleHidden && 'visually-hidden')}>
        <h2 id={id}>{title}</h2>
        {actions}
      </div>
      {rooms.length === 0 && <p className={styles.none}>{emptyText}</p>}
      <ul>
        {rooms.map((room) => <li key={room.id}><RoomLink room={room} /></li>)}
      </ul>
    </section>
  )
}

function RoomLink ({ room }: { room: RoomView }) {
  const { id, kind, title, unread, unreadMentions } = room
  // Whoever writes to me alone means me.
  const calls = kind === 'direct' ? unread : unreadMentions
  return (
    <NavLink to={`/rooms/${id}`} className={classNames(styles.entry, unread > 0 && styles.unread)}>
      <RoomMark room={room} />
      <span className={styles.name}>{title}</span>
      {calls > 0
        ? <CountBadge count={calls} words={kind === 'direct' ? 'unread' : 'mentions'} />
        : unread > 0 && <span className={styles.dot}><span className='visually-hidden'>, {unread} unread</span></span>}
    </NavLink>
  )
}
