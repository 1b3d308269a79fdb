import { useEffect } from 'react'
import { useNavigate } from 'react-router'
import { InviteButton } from '../features/invitations/invite-button.tsx'
import { MembersPanel } from '../features/members/members-panel.tsx'
import { RoomDetailsPanel } from '../features/rooms/room-details-panel.tsx'
import { SearchPanel } from '../features/search/search-panel.tsx'
import type { RoomView } from '../stores/room-view.ts'
import { IconButton } from '../ui/button.tsx'
import styles from './room-page.module.css'

const titles = { members: 'Members', details: 'About this room', search: 'Search' }
export type PanelName = keyof typeof titles

export function isPanel (name: string | undefined): name is PanelName {
  return name !== undefined && Object.hasOwn(titles, name)
}

/** What is beside a conversation; on a narrow window it is in front of it. Esc closes it. */
export function RoomPanel ({ room, panel }: { room: RoomView, panel: PanelName }) {
  const navigate = useNavigate()
  const close = () => { void navigate(`/rooms/${room.id}`) }

  useEffect(() => { document.getElementById('panel')?.focus() }, [panel])

  return (
    <aside
      id='panel' tabIndex={-1} className={styles.panel} aria-label={titles[panel]}
      onKeyDown={(event) => { if (event.key === 'Escape' && !event.defaultPrevented && !document.querySelector('dialog[open], :popover-open')) close() }}
    >
      <header className={styles.panelHeader}>
        <h2>{titles[panel]}</h2>
        <IconButton icon='close' label='Close' onClick={close} />
      </header>
      {panel === 'members' && <MembersPanel room={room} invite={<InviteButton room={room} />} />}
      {panel === 'details' && <RoomDetailsPanel room={room} />}
      {panel === 'search' && <SearchPanel roomId={room.id} />}
    </aside>
  )
}
