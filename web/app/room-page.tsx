import { useEffect } from 'react'
import { useNavigate, useParams } from 'react-router'
import { Conversation } from '../features/conversation/conversation.tsx'
import { NotInRoom } from '../features/rooms/not-in-room.tsx'
import { RoomMark } from '../parts/room-mark.tsx'
import { useAccount, usePresence, useRoom } from '../stores/hooks.ts'
import { useSessionView } from '../stores/context.ts'
import type { RoomView } from '../stores/room-view.ts'
import { IconButton } from '../ui/button.tsx'
import { Spinner } from '../ui/notice.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { toAgo } from '../ui/time.ts'
import { rememberRoom } from './last-room.ts'
import { isPanel, RoomPanel, type PanelName } from './room-panel.tsx'
import styles from './room-page.module.css'

/** A room: its conversation, and beside it what one wants to see of it. */
export function RoomPage () {
  const { roomId = '', panel } = useParams()
  const room = useRoom(roomId)
  const areRoomsKnown = useSessionView((view) => view.areRoomsKnown)
  const { id: myId } = useAccount()
  const isMine = room !== undefined
  useEffect(() => { if (isMine) rememberRoom(myId, roomId) }, [myId, roomId, isMine])

  if (!room) return areRoomsKnown ? <NotInRoom key={roomId} roomId={roomId} /> : <Spinner />
  const open = isPanel(panel) ? panel : undefined
  return (
    <>
      <RoomHeader room={room} open={open} />
      <div className={styles.body}>
        <div className={styles.conversation}><Conversation key={roomId} roomId={roomId} /></div>
        {open && <RoomPanel room={room} panel={open} />}
      </div>
    </>
  )
}

function RoomHeader ({ room, open }: { room: RoomView, open: PanelName | undefined }) {
  const navigate = useNavigate()
  const presence = usePresence(room.otherId)
  const lastSeen = presence?.status === 'offline' && presence.lastSeenAt !== null ? `seen ${toAgo(presence.lastSeenAt)}` : presence?.status
  const toggle = (panel: PanelName) => () => { void navigate(panel === open ? `/rooms/${room.id}` : `/rooms/${room.id}/${panel}`) }
  const button = (panel: PanelName, icon: 'search' | 'people' | 'info', label: string) =>
    <IconButton icon={icon} label={label} isPressed={open === panel} onClick={toggle(panel)} />
  return (
    <PageHeader
      title={room.title} mark={<RoomMark room={room} />} detail={room.kind === 'direct' ? lastSeen ?? '' : room.topic}
      actions={
        <>
          {button('search', 'search', 'Search in this room')}
          {room.kind !== 'direct' && button('members', 'people', `Members (${room.memberCount})`)}
          {button('details', 'info', 'About this room')}
        </>
      }
    />
  )
}
