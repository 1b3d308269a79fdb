import { useMemo } from 'react'
import type { Message } from '../../../../contract/index.ts'
import type { Row } from '../history/rows.ts'
import type { UnsentMessage } from '../history/unsent.ts'
import { knownUpload } from '../composer/known-uploads.ts'
import { toDay } from '../text/times.ts'
import { Beginning } from './beginning.tsx'
import styles from './list.module.css'
import { useListPlace } from './list-context.ts'
import { MessageItem } from './message-item.tsx'
import { NoticeLine } from './notice-line.tsx'

interface RowViewProps {
  row: Row
  isActive: boolean
  isFlashing: boolean
}

/** A row of the list with what stands above it: the day, and where new things begin. */
export function RowView ({ row, isActive, isFlashing }: RowViewProps) {
  if (row.kind === 'beginning') return <Beginning />
  return (
    <>
      {row.opensDay && <div className={styles.day}><span>{toDay(row.at)}</span></div>}
      {row.opensNew && <div className={styles.newLine}><span>New</span></div>}
      {row.kind === 'notice'
        ? <NoticeLine notices={row.notices} />
        : <Item row={row} isActive={isActive} isFlashing={isFlashing} />}
    </>
  )
}

function Item ({ row, ...rest }: RowViewProps & { row: Extract<Row, { kind: 'message' | 'unsent' }> }) {
  const { roomId, userId } = useListPlace()
  const unsent = row.kind === 'unsent' ? row.unsent : undefined
  const sent = row.kind === 'message' ? row.message : undefined
  const message = useMemo(() => sent ?? (unsent && toMessage(unsent, roomId, userId)), [sent, unsent, roomId, userId])
  return message && <MessageItem message={message} unsent={unsent} isHead={row.isHead} {...rest} />
}

/** What an unsent message will look like. */
function toMessage ({ id, text, replyTo, attachmentIds, at }: UnsentMessage, roomId: string, userId: string): Message {
  const attachments = attachmentIds.flatMap((attachmentId) => knownUpload(attachmentId) ?? [])
  return { id, roomId, seq: 0, authorId: userId, text, replyTo: replyTo ?? null, reactions: [], mentions: [], attachments, at, editedAt: null, deletedAt: null }
}
