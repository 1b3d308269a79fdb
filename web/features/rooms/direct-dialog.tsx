import { useNavigate } from 'react-router'
import { PeopleSearch } from '../../parts/people-search.tsx'
import { useParley } from '../../stores/context.ts'
import { useAccount } from '../../stores/hooks.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { toastError } from '../../ui/toasts.ts'

export function DirectDialog ({ onClose }: { onClose: () => void }) {
  const parley = useParley()
  const { id: myId } = useAccount()
  const navigate = useNavigate()

  async function open (userId: string): Promise<void> {
    try {
      const room = await parley.rooms.openDirect(userId)
      onClose()
      await navigate(`/rooms/${room.id}`)
    } catch (error) {
      toastError(error)
    }
  }

  return (
    <Dialog title='Message somebody' onClose={onClose}>
      <PeopleSearch label='People' except={[myId]} onChoose={({ id }) => { void open(id) }} />
    </Dialog>
  )
}
