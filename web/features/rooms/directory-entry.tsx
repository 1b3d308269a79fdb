import { useState } from 'react'
import type { Room } from '../../../contract/index.ts'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import styles from './rooms.module.css'

export function DirectoryEntry ({ room, isMine, onEnter }: { room: Room, isMine: boolean, onEnter: () => Promise<void> }) {
  const [isBusy, setBusy] = useState(false)
  const people = `${room.memberCount} ${room.memberCount === 1 ? 'member' : 'members'}`
  return (
    <li>
      <Icon name='hash' />
      <div className={styles.about}>
        <h2>{room.name}</h2>
        <p>{room.topic ? `${people} · ${room.topic}` : people}</p>
      </div>
      <Button
        size='small' look={isMine ? 'quiet' : 'plain'} isBusy={isBusy} aria-label={`${isMine ? 'Open' : 'Join'} ${room.name ?? ''}`}
        onClick={() => {
          setBusy(true)
          void onEnter().finally(() => { setBusy(false) })
        }}
      >
        {isMine ? 'Open' : 'Join'}
      </Button>
    </li>
  )
}
