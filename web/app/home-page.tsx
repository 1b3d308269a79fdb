import { Navigate, useNavigate } from 'react-router'
import { openRoomDialog } from '../features/rooms/room-dialogs.ts'
import { useSessionView } from '../stores/context.ts'
import { useAccount, useRooms } from '../stores/hooks.ts'
import { Button } from '../ui/button.tsx'
import { EmptyState, Spinner } from '../ui/notice.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { lastRoom } from './last-room.ts'

/** Where one was last; whoever is in no room yet is told what to do. */
export function HomePage () {
  const { id, displayName } = useAccount()
  const rooms = useRooms()
  const areRoomsKnown = useSessionView((view) => view.areRoomsKnown)
  const navigate = useNavigate()

  if (!areRoomsKnown) return <Spinner label='Connecting' />
  const last = lastRoom(id)
  const room = rooms.find((one) => one.id === last) ?? rooms.find(({ archivedAt }) => archivedAt === null)
  if (room) return <Navigate to={`/rooms/${room.id}`} replace />
  return (
    <>
      <PageHeader title='Parley' />
      <EmptyState
        icon='message' title={`Welcome, ${displayName}`}
        actions={
          <>
            <Button look='primary' icon='plus' onClick={() => { openRoomDialog('create') }}>Create a room</Button>
            <Button icon='compass' onClick={() => { void navigate('/directory') }}>Browse rooms</Button>
            <Button icon='message' onClick={() => { openRoomDialog('direct') }}>Message somebody</Button>
          </>
        }
      >
        You are in no room yet. Create one for a subject or a team, look at those that others have made, or write to somebody.
      </EmptyState>
    </>
  )
}
