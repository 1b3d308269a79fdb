import { useEffect, useState } from 'react'
import { Link, useNavigate, useParams } from 'react-router'
import { ParleyError, type CallAnswer } from '../../../sdk/index.ts'
import { useParley } from '../../stores/context.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState, Spinner } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { toastError } from '../../ui/toasts.ts'

/** Where the link of an invitation leads. */
export function InvitationPage () {
  const { token = '' } = useParams()
  const parley = useParley()
  const navigate = useNavigate()
  const [found, setFound] = useState<CallAnswer<'getInvitation'>>()
  const [error, setError] = useState<ParleyError>()
  const [isBusy, setBusy] = useState(false)

  useEffect(() => {
    parley.invitation(token).then(setFound, (failure: unknown) => {
      if (!(failure instanceof ParleyError)) throw failure
      setError(failure)
    })
  }, [parley, token])

  async function accept (): Promise<void> {
    setBusy(true)
    try {
      const room = await parley.acceptInvitation(token)
      await navigate(`/rooms/${room.id}`, { replace: true })
    } catch (failure) {
      toastError(failure)
      setBusy(false)
    }
  }

  const header = <PageHeader title='Invitation' />
  if (error) return <>{header}<EmptyState icon='link' title='This link leads nowhere' actions={<Link to='/'>To your rooms</Link>}>{error.message}</EmptyState></>
  if (!found) return <>{header}<Spinner /></>
  const { room, isMember } = found
  const people = `${room.memberCount} ${room.memberCount === 1 ? 'member' : 'members'}`
  const actions = isMember
    ? <Button look='primary' onClick={() => { void navigate(`/rooms/${room.id}`, { replace: true }) }}>Open the room</Button>
    : <Button look='primary' isBusy={isBusy} onClick={() => { void accept() }}>Join {room.name}</Button>
  return (
    <>
      {header}
      <EmptyState icon='userPlus' title={isMember ? `You are in ${room.name ?? ''} already` : `You are invited to ${room.name ?? ''}`} actions={actions}>
        {room.topic ? `${room.topic} · ${people}` : people}
      </EmptyState>
    </>
  )
}
