import { useEffect } from 'react'
import type { Room } from '../../../sdk/index.ts'
import { useSessionTools } from '../../stores/context.ts'
import { useUsers } from '../../stores/hooks.ts'
import styles from './conversation.module.css'
import { describeTyping } from './text/names.ts'
import { useTyping } from './use-room-state.ts'

/** Who is typing; its place is there when nobody is. */
export function TypingLine ({ room }: { room: Room }) {
  const typing = useTyping(room)
  const users = useUsers()
  const { people } = useSessionTools()
  useEffect(() => { people.need([...typing]) }, [people, typing])
  const names = [...typing].map((id) => users[id]?.displayName ?? 'Somebody')
  return (
    <p className={styles.typing}>
      {names.length > 0 && <span className={styles.dots} aria-hidden='true'><i /><i /><i /></span>}
      {describeTyping(names)}
    </p>
  )
}
