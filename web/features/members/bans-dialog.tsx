import { useEffect, useState } from 'react'
import type { Ban } from '../../../contract/index.ts'
import { PersonLine } from '../../parts/person.tsx'
import { useParley } from '../../stores/context.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Spinner } from '../../ui/notice.tsx'
import { toDay } from '../../ui/time.ts'
import { toastError } from '../../ui/toasts.ts'
import styles from './members.module.css'

export function BansDialog ({ roomId, onClose }: { roomId: string, onClose: () => void }) {
  const parley = useParley()
  const [bans, setBans] = useState<readonly Ban[]>()

  useEffect(() => {
    parley.call('listBans', { params: { roomId }, query: { limit: 500 } }).then((page) => { setBans(page.bans) }, toastError)
  }, [parley, roomId])

  async function lift (userId: string): Promise<void> {
    try {
      await parley.call('liftBan', { params: { roomId, userId } })
      setBans((all) => all?.filter((ban) => ban.userId !== userId))
    } catch (error) {
      toastError(error)
    }
  }

  return (
    <Dialog title='Banned' onClose={onClose}>
      {!bans && <Spinner />}
      {bans?.length === 0 && <p>Nobody is banned from this room.</p>}
      <ul>
        {bans?.map((ban) => (
          <li key={ban.userId} className={styles.row}>
            <PersonLine user={ban.user} />
            <span className={styles.since}>since {toDay(ban.bannedAt)}</span>
            <Button size='small' aria-label={`Lift the ban of ${ban.user.displayName}`} onClick={() => { void lift(ban.userId) }}>Lift</Button>
          </li>
        ))}
      </ul>
    </Dialog>
  )
}
