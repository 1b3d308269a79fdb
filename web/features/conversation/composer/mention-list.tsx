import type { User } from '../../../../contract/index.ts'
import { Avatar } from '../../../ui/avatar.tsx'
import { classNames } from '../../../ui/class-names.ts'
import styles from './composer.module.css'

interface MentionListProps {
  id: string
  people: readonly User[]
  active: number
  onChoose: (user: User) => void
}

/** Whom the `@` that is being written may mean. The focus stays in the text. */
export function MentionList ({ id, people, active, onChoose }: MentionListProps) {
  return (
    <div id={id} className={styles.people} role='listbox' aria-label='Members'>
      {people.map((user, index) => (
        <div
          key={user.id} id={`${id}-${index}`} role='option' aria-selected={index === active} className={classNames(styles.person, index === active && styles.active)}
          onPointerDown={(event) => {
            event.preventDefault()
            onChoose(user)
          }}
        >
          <Avatar id={user.id} name={user.displayName} size='tiny' />
          <span>{user.displayName}</span>
          <span className={styles.username}>@{user.username}</span>
        </div>
      ))}
    </div>
  )
}
