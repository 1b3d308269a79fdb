import { useEffect, useState } from 'react'
import { Link } from 'react-router'
import { ParleyError } from '../../../sdk/index.ts'
import { useParley } from '../../stores/context.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState, Spinner } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { toastError } from '../../ui/toasts.ts'

/** In place of a room that one is not in: a public one can be joined, and of others nobody outside is told that they are there. */
export function NotInRoom ({ roomId }: { roomId: string }) {
  const parley = useParley()
  const [refusal, setRefusal] = useState<ParleyError>()
  useEffect(() => {
    parley.call('getRoom', { params: { roomId } }).catch((error: unknown) => {
      if (!(error instanceof ParleyError)) throw error
      setRefusal(error)
    })
  }, [parley, roomId])

  if (!refusal) return <><PageHeader title='Room' /><Spinner /></>
  const title = 'You are not in this room'
  if (refusal.code === 'request.forbidden') {
    return (
      <>
        <PageHeader title='Room' />
        <EmptyState
          icon='hash' title={title}
          actions={<Button look='primary' onClick={() => { parley.rooms.join(roomId).catch(toastError) }}>Join</Button>}
        >
          It is public. Join to read and write; you can leave at any time.
        </EmptyState>
      </>
    )
  }
  return (
    <>
      <PageHeader title='Room' />
      <EmptyState icon='lock' title={title} actions={<Link to='/'>To your rooms</Link>}>
        {refusal.code === 'room.not_found' ? 'It may have been deleted, or you were removed from it.' : refusal.message}
      </EmptyState>
    </>
  )
}
