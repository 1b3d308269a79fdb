import type { PresenceStatus } from '../../contract/index.ts'
import styles from './avatar.module.css'
import { classNames } from './class-names.ts'
import { initialsOf, shadeOf } from './initials.ts'

interface AvatarProps {
  /** Decides the colour: the same person has the same everywhere. */
  id: string
  name: string
  size?: 'tiny' | 'small' | 'medium' | 'large'
  status?: PresenceStatus | undefined
}

const words: Record<PresenceStatus, string> = { online: 'online', away: 'away', offline: 'offline', unknown: 'presence unknown' }

/** Decoration, but for the presence: the name stands beside it. */
export function Avatar ({ id, name, size = 'medium', status }: AvatarProps) {
  return (
    <span className={classNames(styles.avatar, styles[size], styles[`shade${shadeOf(id)}`])}>
      <span aria-hidden='true'>{initialsOf(name)}</span>
      {status && <PresenceDot status={status} />}
    </span>
  )
}

export function PresenceDot ({ status }: { status: PresenceStatus }) {
  return (
    <span className={classNames(styles.dot, styles[status])} title={words[status]}>
      <span className='visually-hidden'>({words[status]})</span>
    </span>
  )
}
