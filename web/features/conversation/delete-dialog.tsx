import type { Message } from '../../../contract/index.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import styles from './conversation.module.css'
import { summarize } from './list/quote.tsx'

interface DeleteDialogProps {
  message: Message
  onDelete: () => void
  onClose: () => void
}

export function DeleteDialog ({ message, onDelete, onClose }: DeleteDialogProps) {
  return (
    <Dialog
      title='Delete this message?' onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button look='danger' onClick={onDelete}>Delete</Button>
        </>
      }
    >
      <blockquote className={styles.doomed}>{summarize(message)}</blockquote>
      <p>It goes for everybody, and does not come back.</p>
    </Dialog>
  )
}
