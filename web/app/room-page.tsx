import { useParams } from 'react-router'
import { Conversation } from '../features/conversation/conversation.tsx'
import { useRoom } from '../stores/hooks.ts'
import { PageHeader } from '../ui/page-header.tsx'

export function RoomPage () {
  const { roomId = '' } = useParams()
  const room = useRoom(roomId)
  if (!room) return <PageHeader title='Room' />
  return (
    <>
      <PageHeader title={room.title} detail={room.topic} />
      <Conversation key={roomId} roomId={roomId} />
    </>
  )
}
