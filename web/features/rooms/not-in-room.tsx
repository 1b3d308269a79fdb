import { useEffect, useState } from 'react'
import { Link } from 'react-router'
import type { Room } from '../../../contract/index.ts'
import { ParleyError } from '../../../sdk/index.ts'
import { useParley } from '../../stores/context.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState, Spinner } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { toastError } from '../../ui/toasts.ts'

/** In place of a room that one is not in: a public one can be joined. */
export function NotInRoom ({ roomId }: { roomId: string }) {
  const parley = useParley()
  const [room, setRoom] = useState<Room | null>()
  useEffect(() => {
    parley.call('getRoom', { params: { roomId } }).then((answer) => { setRoom(answer.room) }, (error: unknown) => {
      if (!(error instanceof ParleyError)) throw error
      setRoom(null)
    })
  }, [parley, roomId])

  if (room === undefined) return <><PageHeader title='Room' /><Spinner /></>
  if (room?.kind === 'public') {
    return (
      <>
        <PageHeader title={room.name} detail={room.topic} />
        <EmptyState
          icon='hash' title={`You are not in ${room.name ?? 'this room'}`}
          actions={<Button look='primary' onClick={() => { parley.rooms.join(roomId).catch(toastError) }}>Join</Button>}
        >
          Join to read and write; you can leave at any time.
        </EmptyState>
      </>
    )
  }
  return (
    <>
      <PageHeader title='Room' />
      <EmptyState icon='lock' title='You are not in this room' actions={<Link to='/'>To your rooms</Link>}>
        It may have been deleted, or you were removed from it.
      </EmptyState>
    </>
  )
}
