import { useEffect, useState } from 'react'
import type { Invitation } from '../../../contract/index.ts'
import type { Room } from '../../../sdk/index.ts'
import { useUser } from '../../stores/hooks.ts'
import { Button } from '../../ui/button.tsx'
import { toAgo } from '../../ui/time.ts'
import { toastError } from '../../ui/toasts.ts'
import styles from './invitations.module.css'

/** The links that work. */
export function InvitationList ({ room }: { room: Room }) {
  const [invitations, setInvitations] = useState<readonly Invitation[]>([])
  useEffect(() => { room.invitations().then(setInvitations, toastError) }, [room])

  async function revoke (id: string): Promise<void> {
    try {
      await room.revokeInvitation(id)
      setInvitations((all) => all.filter((one) => one.id !== id))
    } catch (error) {
      toastError(error)
    }
  }

  if (invitations.length === 0) return null
  return (
    <section>
      <h3 className={styles.heading}>Links that work</h3>
      <ul>{invitations.map((invitation) => <InvitationRow key={invitation.id} invitation={invitation} onRevoke={() => { void revoke(invitation.id) }} />)}</ul>
    </section>
  )
}

function InvitationRow ({ invitation: { createdBy, expiresAt, uses, maxUses }, onRevoke }: { invitation: Invitation, onRevoke: () => void }) {
  const maker = useUser(createdBy)
  return (
    <li className={styles.row}>
      <span>
        By {maker?.displayName ?? '…'}, used {uses}{maxUses === null ? '' : ` of ${maxUses}`} {(maxUses ?? uses) === 1 ? 'time' : 'times'}
        <br /><span className={styles.hint}>ends {toAgo(expiresAt)}</span>
      </span>
      <Button size='small' look='quiet' onClick={onRevoke}>Revoke</Button>
    </li>
  )
}
