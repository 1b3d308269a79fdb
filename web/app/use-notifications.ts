import { useEffect } from 'react'
import { useNavigate } from 'react-router'
import type { RoomEvent } from '../../contract/index.ts'
import { useParley, useSessionTools } from '../stores/context.ts'
import { noticeStore } from './notice-choice.ts'
import { isWorthANotice } from './worth-a-notice.ts'

type Sent = Extract<RoomEvent, { type: 'message.sent' }>

/** Notifies of messages while one looks elsewhere. */
export function useNotifications (): void {
  const parley = useParley()
  const { store } = useSessionTools()
  const navigate = useNavigate()

  useEffect(() => {
    const permitted = () => 'Notification' in globalThis && Notification.permission === 'granted'

    function notify ({ roomId, actorId, data, id }: Sent): void {
      const { rooms, users } = store.getState()
      const room = rooms.find((one) => one.id === roomId)
      const author = users[actorId]?.displayName ?? 'Somebody'
      const title = room && room.kind !== 'direct' ? `${author} in ${room.title}` : author
      // One for each message, however many tabs are open.
      const notification = new Notification(title, { body: data.text ?? '', tag: id })
      notification.addEventListener('click', () => {
        window.focus()
        notification.close()
        void navigate(`/rooms/${roomId}`)
      })
    }

    return parley.on('events', ({ room, events }) => {
      if (!permitted() || document.hasFocus()) return
      const { wanted } = noticeStore.getState()
      const { account, rooms } = store.getState()
      const kind = rooms.find(({ id }) => id === room.id)?.kind
      for (const event of events) {
        if (event.type === 'message.sent' && isWorthANotice(event, { wanted, kind, userId: account?.id, readSeq: room.readSeq })) notify(event)
      }
    })
  }, [parley, store, navigate])
}
