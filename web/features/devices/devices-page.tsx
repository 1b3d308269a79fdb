import { useCallback, useEffect, useState } from 'react'
import type { Session } from '../../../contract/index.ts'
import { useParley } from '../../stores/context.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Spinner } from '../../ui/notice.tsx'
import { Page, PageHeader, Section } from '../../ui/page-header.tsx'
import { toast, toastError } from '../../ui/toasts.ts'
import { DeviceRow } from './device-row.tsx'
import styles from './devices.module.css'

/** Where I am signed in. */
export function DevicesPage () {
  const parley = useParley()
  const [sessions, setSessions] = useState<readonly Session[]>()
  const [isAsking, setAsking] = useState(false)

  const load = useCallback(async () => {
    const { sessions: all } = await parley.call('listSessions')
    setSessions(all.toSorted((a, b) => Number(b.current) - Number(a.current) || (a.lastSeenAt < b.lastSeenAt ? 1 : -1)))
  }, [parley])

  useEffect(() => {
    const reload = () => { load().catch(toastError) }
    reload()
    addEventListener('focus', reload)
    return () => { removeEventListener('focus', reload) }
  }, [load])

  async function end (sessionId: string): Promise<void> {
    try {
      await parley.call('endSession', { params: { sessionId } })
      toast('That device is signed out.')
    } catch (error) {
      toastError(error)
    }
    await load()
  }

  const hasOthers = sessions?.some(({ current }) => !current) ?? false
  return (
    <Page header={<PageHeader title='Devices' />}>
      <Section title='Where you are signed in' hint='Sign out what you do not know: it loses its connection at once.'>
        {!sessions && <Spinner />}
        <ul className={styles.list}>
          {sessions?.map((session) => <DeviceRow key={session.id} session={session} onEnd={() => { end(session.id).catch(toastError) }} />)}
        </ul>
        {hasOthers && <div><Button look='grave' onClick={() => { setAsking(true) }}>Sign out all others</Button></div>}
      </Section>
      {isAsking && (
        <Confirm
          title='Sign out all other devices?' text='Only this one stays signed in.' action='Sign out' onClose={() => { setAsking(false) }}
          onConfirm={async () => {
            await parley.call('endOtherSessions')
            await load()
          }}
        />
      )}
    </Page>
  )
}
