import type { Session } from '../../../contract/index.ts'
import { Tag } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { toAgo, toMoment } from '../../ui/time.ts'
import { describeDevice } from './describe-device.ts'
import styles from './devices.module.css'

export function DeviceRow ({ session, onEnd }: { session: Session, onEnd: () => void }) {
  const { name, isPhone } = describeDevice(session.userAgent)
  const seen = session.current ? 'active now' : `active ${toAgo(session.lastSeenAt)}`
  return (
    <li className={styles.row}>
      <span className={styles.mark}><Icon name={isPhone ? 'phone' : 'monitor'} size={22} /></span>
      <div className={styles.about}>
        <p className={styles.name}>{name} {session.current && <Tag>This device</Tag>}</p>
        <p title={`Signed in ${toMoment(session.createdAt)}`}>{[session.ip, seen].filter((part) => part !== null).join(' · ')}</p>
      </div>
      {!session.current && <Button size='small' aria-label={`Sign out ${name}, ${seen}`} onClick={onEnd}>Sign out</Button>}
    </li>
  )
}
