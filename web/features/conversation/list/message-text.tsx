import { memo, useEffect, useMemo } from 'react'
import type { User } from '../../../../contract/index.ts'
import { useSessionTools } from '../../../stores/context.ts'
import { useUsers } from '../../../stores/hooks.ts'
import { classNames } from '../../../ui/class-names.ts'
import { isEmojiOnly } from '../text/emoji-only.ts'
import { toFullTime } from '../text/times.ts'
import { tokenize, type Token } from '../text/tokens.ts'
import styles from './message.module.css'

interface MessageTextProps {
  text: string
  mentions: readonly string[]
  userId: string
  editedAt: string | null
}

/** A text as people read it: links, code, and those it mentions by the names they have now. */
export const MessageText = memo(function MessageText ({ text, mentions, userId, editedAt }: MessageTextProps) {
  const users = useUsers()
  const { people } = useSessionTools()
  useEffect(() => { if (mentions.length > 0) people.need(mentions) }, [people, mentions])
  const usernames = useMemo(() => usernamesOf(mentions, users), [mentions, users])
  const tokens = useMemo(() => tokenize(text, usernames), [text, usernames])
  return (
    <div className={classNames(styles.text, isEmojiOnly(text) && styles.large)}>
      {tokens.map((token, index) => <TokenView key={index} token={token} userId={userId} users={users} />)}
      {editedAt !== null && <span className={styles.edited} title={toFullTime(editedAt)}> (edited)</span>}
    </div>
  )
})

export function usernamesOf (mentions: readonly string[], users: Readonly<Record<string, User>>): ReadonlyMap<string, string> {
  return new Map(mentions.flatMap((id) => users[id] ? [[users[id].username.toLowerCase(), id] as const] : []))
}

function TokenView ({ token, userId, users }: { token: Token, userId: string, users: Readonly<Record<string, User>> }) {
  switch (token.kind) {
    case 'text': return token.text
    case 'code': return <code>{token.text}</code>
    case 'block': return <pre tabIndex={0}><code>{token.text}</code></pre>
    case 'link': return <a href={token.href} target='_blank' rel='noopener noreferrer'>{token.text}</a>
    case 'mention': return (
      <span className={classNames(styles.mention, token.userId === userId && styles.mentionsMe)} title={token.text}>
        @{users[token.userId]?.displayName ?? token.text.slice(1)}
      </span>
    )
  }
}
