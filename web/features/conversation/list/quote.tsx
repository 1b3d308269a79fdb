import { useEffect, useState } from 'react'
import type { Message } from '../../../../contract/index.ts'
import { ParleyError } from '../../../../sdk/index.ts'
import { useParley } from '../../../stores/context.ts'
import { useUser } from '../../../stores/hooks.ts'
import { Icon } from '../../../ui/icon.tsx'
import { useListPlace } from './list-context.ts'
import styles from './quote.module.css'

/** The message that another one answers, in one line; leads to it. */
export function Quote ({ seq, tabIndex }: { seq: number, tabIndex: number }) {
  const { actions } = useListPlace()
  const message = useQuoted(seq)
  const author = useUser(message?.authorId)
  return (
    <button type='button' tabIndex={tabIndex} className={styles.quote} onClick={() => { actions.goTo(seq) }}>
      <Icon name='reply' size={13} />
      <span className='visually-hidden'>In reply to </span>
      <strong>{author?.displayName ?? '…'}</strong>
      <span className={styles.quoteText}>{message ? summarize(message) : ''}</span>
    </button>
  )
}

/** One line for a message, also for one without words. */
export function summarize ({ text, attachments }: Pick<Message, 'text' | 'attachments'>): string {
  if (text === null) return 'This message was deleted'
  const [first] = attachments
  if (text === '' && first) return attachments.length === 1 ? first.name : `${attachments.length} files`
  return text.replace(/```/g, '').replace(/\s+/g, ' ').trim().slice(0, 200)
}

/** As it stands in the list, or else as the server has it. */
function useQuoted (seq: number): Message | undefined {
  const { roomId, messageOf } = useListPlace()
  const parley = useParley()
  const here = messageOf(seq)
  const isHere = here !== undefined
  const [there, setThere] = useState<Message>()

  useEffect(() => {
    if (isHere) return
    let isWanted = true
    parley.call('listMessages', { params: { roomId }, query: { before: seq + 1, limit: 1 } }).then(({ messages: [message] }) => {
      if (isWanted && message?.seq === seq) setThere(message)
    }, (error: unknown) => {
      // It stays a line without words that still leads there.
      if (!(error instanceof ParleyError)) throw error
    })
    return () => { isWanted = false }
  }, [parley, roomId, seq, isHere])

  return here ?? there
}
