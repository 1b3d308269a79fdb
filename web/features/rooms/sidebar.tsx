import type { ReactNode } from 'react'
import { NavLink } from 'react-router'
import { useRooms } from '../../stores/hooks.ts'
import { IconButton } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Kbd } from '../../ui/badge.tsx'
import { stepFocus } from '../../ui/step-focus.ts'
import { shortcutPrefix } from '../../ui/use-shortcut.ts'
import { openRoomDialog } from './room-dialogs.ts'
import { RoomList } from './room-list.tsx'
import styles from './sidebar.module.css'

/** My rooms and the way to others. */
export function Sidebar ({ footer }: { footer: ReactNode }) {
  const rooms = useRooms()
  const current = rooms.filter(({ archivedAt }) => archivedAt === null)
  const archived = rooms.filter(({ archivedAt }) => archivedAt !== null)
  const [shared, direct] = [current.filter(({ kind }) => kind !== 'direct'), current.filter(({ kind }) => kind === 'direct')]
  return (
    <>
      <div className={styles.top}>
        <button type='button' className={styles.finder} onClick={() => { openRoomDialog('switch') }}>
          <Icon name='search' size={16} />
          <span>Go to …</span>
          <Kbd>{`${shortcutPrefix}K`}</Kbd>
        </button>
      </div>
      <nav
        className={styles.lists} aria-label='Rooms'
        onKeyDown={(event) => { if (stepFocus(event.currentTarget, event.key, 'a[href], summary')) event.preventDefault() }}
      >
        <RoomList
          title='Rooms' rooms={shared} emptyText='You are in no room yet.'
          actions={<IconButton icon='plus' label='Create a room' onClick={() => { openRoomDialog('create') }} />}
        />
        <NavLink to='/directory' className={styles.entry}><span className={styles.mark}><Icon name='compass' size={17} /></span> Browse rooms</NavLink>
        <RoomList
          title='Direct messages' rooms={direct} emptyText='Nobody yet.'
          actions={<IconButton icon='plus' label='Message somebody' onClick={() => { openRoomDialog('direct') }} />}
        />
        {archived.length > 0 && (
          <details className={styles.archived}>
            <summary>Archived ({archived.length})</summary>
            <RoomList title='Archived' isTitleHidden rooms={archived} emptyText='' />
          </details>
        )}
      </nav>
      {footer}
    </>
  )
}
