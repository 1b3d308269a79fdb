import { useEffect, useState, useSyncExternalStore } from 'react'
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
  const isOnline = useOnline()
  const isWell = connection.state === 'online' && isOnline
  const isLate = useLate(isWell, connection.state === 'connecting' ? patienceMs * 3 : patienceMs)
  const { text, canTry, tone } = describeConnection(connection, { now, isOnline })
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

/** Whether this machine has a network, as it says; to reach a server on itself it needs none. */
function useOnline (): boolean {
  const isOnline = useSyncExternalStore(followNetwork, () => navigator.onLine)
  return isOnline || /^(localhost|127\.|\[::1])/.test(location.hostname)
}

function followNetwork (onChange: () => void): () => void {
  addEventListener('online', onChange)
  addEventListener('offline', onChange)
  return () => {
    removeEventListener('online', onChange)
    removeEventListener('offline', onChange)
  }
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
