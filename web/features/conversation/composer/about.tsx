import type { Message } from '../../../../contract/index.ts'
import { useUser } from '../../../stores/hooks.ts'
import { IconButton } from '../../../ui/button.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { useListPlace } from '../list/list-context.ts'
import { summarize } from '../list/quote.tsx'
import styles from './composer.module.css'

interface AboutProps {
  editing: Message | undefined
  replyingTo: number | undefined
  onLeave: () => void
}

/** Which message the text is about. */
export function About ({ editing, replyingTo, onLeave }: AboutProps) {
  const { messageOf } = useListPlace()
  const answered = replyingTo === undefined ? undefined : messageOf(replyingTo)
  const author = useUser(answered?.authorId)
  if (!editing && replyingTo === undefined) return null
  return (
    <div className={styles.about}>
      <Icon name={editing ? 'edit' : 'reply'} size={15} />
      <span className={styles.aboutText}>
        {editing ? 'Editing your message' : <>Reply to <strong>{author?.displayName ?? 'a message'}</strong>{answered && `: ${summarize(answered)}`}</>}
      </span>
      <IconButton icon='close' label={editing ? 'Stop editing' : 'Do not reply to it'} onClick={onLeave} />
    </div>
  )
}
