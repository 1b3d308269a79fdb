import type { User } from '../../contract/index.ts'
import { usePresence, useUser } from '../stores/hooks.ts'
import { Avatar } from '../ui/avatar.tsx'
import styles from './person.module.css'

type Size = 'tiny' | 'small' | 'medium' | 'large'

/** Somebody's picture with how they are now. */
export function PersonAvatar ({ userId, size = 'small' }: { userId: string, size?: Size }) {
  const user = useUser(userId)
  const presence = usePresence(userId)
  return <Avatar id={userId} name={user?.displayName ?? ''} size={size} status={presence?.status} />
}

/** Somebody found: not watched, as there may be many. */
export function PersonLine ({ user }: { user: User }) {
  return (
    <>
      <Avatar id={user.id} name={user.displayName} size='small' />
      <span className={styles.names}>{user.displayName} <span className={styles.username}>@{user.username}</span></span>
    </>
  )
}
