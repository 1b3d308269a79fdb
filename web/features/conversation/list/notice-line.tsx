import { useEffect } from 'react'
import { useSessionTools } from '../../../stores/context.ts'
import { useUsers } from '../../../stores/hooks.ts'
import { describeNotices, type Notice } from '../history/notices.ts'
import { toClock, toFullTime } from '../text/times.ts'
import styles from './notice-line.module.css'

/** What happened, quietly. */
export function NoticeLine ({ notices }: { notices: readonly Notice[] }) {
  const users = useUsers()
  const { people } = useSessionTools()
  useEffect(() => { people.need(notices.flatMap(({ actorId, data }) => 'userId' in data ? [actorId, data.userId] : [actorId])) }, [people, notices])
  const at = notices[0]?.at ?? ''
  return (
    <p className={styles.notice} title={toFullTime(at)}>
      {describeNotices(notices, (id) => users[id]?.displayName ?? '…')} <time dateTime={at}>{toClock(at)}</time>
    </p>
  )
}
