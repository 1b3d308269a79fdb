import { useRoom } from '../../../stores/hooks.ts'
import { Icon } from '../../../ui/icon.tsx'
import styles from './list.module.css'
import { useListPlace } from './list-context.ts'

/** Above the first message there ever was. */
export function Beginning () {
  const room = useRoom(useListPlace().roomId)
  if (!room) return null
  const isDirect = room.kind === 'direct'
  return (
    <div className={styles.beginning}>
      <span className={styles.beginningIcon}><Icon name={isDirect ? 'message' : room.kind === 'private' ? 'lock' : 'hash'} size={26} /></span>
      <h2>{room.title}</h2>
      <p>{isDirect ? 'This is where your conversation begins. Nobody else reads it.' : 'This is where the room begins.'}</p>
    </div>
  )
}
