import { useState } from 'react'
import type { RoomView } from '../../stores/room-view.ts'
import { Button } from '../../ui/button.tsx'
import { InviteDialog } from './invite-dialog.tsx'

export function InviteButton ({ room }: { room: RoomView }) {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button size='small' icon='link' onClick={() => { setOpen(true) }}>Invite</Button>
      {isOpen && <InviteDialog room={room} onClose={() => { setOpen(false) }} />}
    </>
  )
}
