import type { Message } from '../../../../contract/index.ts'
import { IconButton } from '../../../ui/button.tsx'
import { toast, toastError } from '../../../ui/toasts.ts'
import { useListPlace } from './list-context.ts'
import styles from './message.module.css'

const quick = ['👍', '❤️', '😂']

/** What one can do with a message: shown while it is pointed at, or has the focus. */
export function MessageTools ({ message, tabIndex }: { message: Message, tabIndex: number }) {
  const { canSpeak, canModerate, userId, actions } = useListPlace()
  const isMine = message.authorId === userId
  const { text } = message
  return (
    <div className={styles.tools} role='toolbar' aria-label='Message'>
      {canSpeak && quick.map((emoji) => (
        <button
          key={emoji} type='button' tabIndex={tabIndex} className={styles.quick} aria-label={`React with ${emoji}`} title={`React with ${emoji}`}
          onClick={() => { actions.toggle(message, emoji) }}
        >
          {emoji}
        </button>
      ))}
      {canSpeak && (
        <IconButton
          tabIndex={tabIndex} icon='emoji' label='Add a reaction'
          onClick={({ currentTarget }) => { actions.pickEmoji(currentTarget, (emoji) => { actions.toggle(message, emoji) }) }}
        />
      )}
      {canSpeak && <IconButton tabIndex={tabIndex} icon='reply' label='Reply' onClick={() => { actions.reply(message) }} />}
      {text !== null && text !== '' && <IconButton tabIndex={tabIndex} icon='copy' label='Copy the text' onClick={() => { void copy(text) }} />}
      {canSpeak && isMine && <IconButton tabIndex={tabIndex} icon='edit' label='Edit' onClick={() => { actions.edit(message) }} />}
      {(canModerate || (isMine && canSpeak)) && <IconButton tabIndex={tabIndex} icon='trash' label='Delete' onClick={() => { actions.remove(message) }} />}
    </div>
  )
}

async function copy (text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
    toast('Copied.')
  } catch (error) {
    toastError(error)
  }
}
