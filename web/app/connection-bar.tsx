import { useEffect, useState } from 'react'
import { useParley } from '../stores/context.ts'
import { useConnection } from '../stores/hooks.ts'
import type { ConnectionView } from '../stores/session-store.ts'
import { classNames } from '../ui/class-names.ts'
import styles from './connection-bar.module.css'
import { describeConnection } from './describe-connection.ts'

/** Connections that come back at once are not worth a word. */
const patienceMs = 700

/** Says how it stands with the server, while it does not stand well. */
export function ConnectionBar () {
  const parley = useParley()
  const connection = useConnection()
  const now = useNow(connection)
  const isLate = useLate(connection.state === 'online', connection.state === 'offline' ? patienceMs : patienceMs * 3)
  const { text, canTry, tone } = describeConnection(connection, { now, isOnline: navigator.onLine })
  return (
    <div className={classNames(styles.bar, isLate && styles.shown, styles[tone])}>
      <p role='status'>{isLate ? text : ''}</p>
      {isLate && canTry && <button type='button' onClick={() => { parley.reconnect() }}>Try now</button>}
    </div>
  )
}

/** The time, told every second while it is shown. */
function useNow ({ state, retryAt }: ConnectionView): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    setNow(Date.now())
    if (state === 'online' || retryAt === undefined) return undefined
    const timer = setInterval(() => { setNow(Date.now()) }, 1000)
    return () => { clearInterval(timer) }
  }, [state, retryAt])
  return now
}

function useLate (isWell: boolean, afterMs: number): boolean {
  const [isLate, setLate] = useState(false)
  useEffect(() => {
    if (isWell) return setLate(false)
    const timer = setTimeout(() => { setLate(true) }, afterMs)
    return () => { clearTimeout(timer) }
  }, [isWell, afterMs])
  return isLate && !isWell
}
