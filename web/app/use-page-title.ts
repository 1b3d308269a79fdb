import { useEffect } from 'react'
import { useMatch } from 'react-router'
import { useRoom, useRooms } from '../stores/hooks.ts'
import { countUnread } from '../stores/room-view.ts'
import { showFaviconBadge } from './favicon.ts'

/** Says in the tab's title where one is, and how much waits elsewhere. */
export function usePageTitle (): void {
  const { unread, calls } = countUnread(useRooms())
  const room = useRoom(useMatch('/rooms/:roomId/*')?.params.roomId)
  useEffect(() => {
    const count = calls > 0 ? `(${calls}) ` : unread > 0 ? '• ' : ''
    document.title = `${count}${room ? `${room.title} · ` : ''}Parley`
    showFaviconBadge(calls > 0 ? 'calls' : unread > 0 ? 'unread' : undefined)
    return () => {
      document.title = 'Parley'
      showFaviconBadge(undefined)
    }
  }, [calls, unread, room])
}
