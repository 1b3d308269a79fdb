import { memo } from 'react'
import type { Message } from '../../../../contract/index.ts'
import { useUser } from '../../../stores/hooks.ts'
import { Avatar } from '../../../ui/avatar.tsx'
import { Button } from '../../../ui/button.tsx'
import { classNames } from '../../../ui/class-names.ts'
import { Icon } from '../../../ui/icon.tsx'
import type { UnsentMessage } from '../history/unsent.ts'
import { toClock, toFullTime, toShortTime } from '../text/times.ts'
import { Attachments } from './attachments.tsx'
import { useListPlace } from './list-context.ts'
import { MessageText } from './message-text.tsx'
import { MessageTools } from './message-tools.tsx'
import styles from './message.module.css'
import { Quote } from './quote.tsx'
import { Reactions } from './reactions.tsx'

interface MessageItemProps {
  /** What stands in the log, or what I have asked to put there. */
  message: Message
  unsent?: UnsentMessage | undefined
  isHead: boolean
  /** The one that Tab leads to. */
  isActive: boolean
  isFlashing: boolean
}

export const MessageItem = memo(function MessageItem ({ message, unsent, isHead, isActive, isFlashing }: MessageItemProps) {
  const { userId } = useListPlace()
  const { authorId, at, text, replyTo, editedAt, reactions, mentions, attachments } = message
  const author = useUser(authorId)
  const name = author?.displayName ?? '…'
  const isDeleted = text === null
  const tabIndex = isActive ? 0 : -1
  return (
    <article
      tabIndex={tabIndex} data-key={message.id} aria-label={`${name}, ${toShortTime(at)}`}
      className={classNames(
        styles.message, isHead && styles.head, isFlashing && styles.flash, mentions.includes(userId) && styles.callsMe, unsent && styles.unsent
      )}
    >
      <div className={styles.gutter}>
        {isHead
          ? <Avatar id={authorId} name={name} />
          : <time className={styles.time} dateTime={at} title={toFullTime(at)}>{toClock(at)}</time>}
      </div>
      <div className={styles.body}>
        {replyTo !== null && !isDeleted && <Quote seq={replyTo} tabIndex={tabIndex} />}
        {isHead && (
          <header className={styles.heading}>
            <span className={styles.author}>{name}</span>
            <time dateTime={at} title={toFullTime(at)}>{toClock(at)}</time>
          </header>
        )}
        {isDeleted
          ? <p className={styles.deleted}><Icon name='trash' size={14} /> This message was deleted.</p>
          : text !== '' && <MessageText text={text} mentions={mentions} userId={userId} editedAt={editedAt} />}
        {attachments.length > 0 && <Attachments attachments={attachments} tabIndex={tabIndex} />}
        {reactions.length > 0 && <Reactions message={message} tabIndex={tabIndex} />}
        {unsent && <Fate unsent={unsent} />}
      </div>
      {!unsent && !isDeleted && <MessageTools message={message} tabIndex={tabIndex} />}
    </article>
  )
})

/** How it stands with a message that is not in the log. */
function Fate ({ unsent: { id, state, error } }: { unsent: UnsentMessage }) {
  const { actions } = useListPlace()
  if (state === 'sent') return null
  if (state === 'pending') return <p className={styles.fate}>Not sent yet</p>
  return (
    <div className={classNames(styles.fate, styles.refused)} role='alert'>
      <Icon name='warning' size={15} />
      <span>Not sent: {error?.message ?? 'it was refused.'}</span>
      <Button size='small' onClick={() => { actions.retry(id) }}>Try again</Button>
      <Button size='small' look='quiet' onClick={() => { actions.discard(id) }}>Discard</Button>
    </div>
  )
}
