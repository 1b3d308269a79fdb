import { useEffect, useRef, useState } from 'react'
import { Outlet, useLocation } from 'react-router'
import { RoomDialogHost } from '../features/rooms/room-dialog-host.tsx'
import { Sidebar } from '../features/rooms/sidebar.tsx'
import { classNames } from '../ui/class-names.ts'
import { DrawerContext } from '../ui/drawer.ts'
import { AccountBar } from './account-bar.tsx'
import { ConnectionBar } from './connection-bar.tsx'
import styles from './shell.module.css'
import { useAway } from './use-away.ts'
import { useNotifications } from './use-notifications.ts'
import { usePageTitle } from './use-page-title.ts'

/** The frame around every page of somebody who is signed in: it stays while pages change. */
export function Shell () {
  const [isDrawerOpen, setDrawerOpen] = useState(false)
  const drawerRef = useRef<HTMLDivElement>(null)
  const location = useLocation()
  useEffect(() => { setDrawerOpen(false) }, [location])
  useEffect(() => { if (isDrawerOpen) drawerRef.current?.querySelector('button')?.focus() }, [isDrawerOpen])
  usePageTitle()
  useNotifications()
  useAway()

  return (
    <DrawerContext value={() => { setDrawerOpen(true) }}>
      <a
        className={styles.skip} href='#main'
        onClick={(event) => {
          event.preventDefault()
          document.getElementById('main')?.focus()
        }}
      >
        Skip to the page
      </a>
      <div className={styles.shell} onKeyDown={(event) => { if (event.key === 'Escape') setDrawerOpen(false) }}>
        <div ref={drawerRef} className={classNames(styles.sidebar, isDrawerOpen && styles.open)}>
          <Sidebar footer={<AccountBar />} />
        </div>
        {isDrawerOpen && <button type='button' className={styles.backdrop} aria-label='Close the list of rooms' onClick={() => { setDrawerOpen(false) }} />}
        <div className={styles.page}>
          <ConnectionBar />
          <main id='main' tabIndex={-1} className={styles.main}><Outlet /></main>
        </div>
      </div>
      <RoomDialogHost />
    </DrawerContext>
  )
}
