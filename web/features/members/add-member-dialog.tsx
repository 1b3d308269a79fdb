import { PeopleSearch } from '../../parts/people-search.tsx'
import type { User } from '../../../contract/index.ts'
import { useParley, useSessionTools } from '../../stores/context.ts'
import { useMembers } from '../../stores/hooks.ts'
import type { RoomView } from '../../stores/room-view.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { toast, toastError } from '../../ui/toasts.ts'

export function AddMemberDialog ({ room, onClose }: { room: RoomView, onClose: () => void }) {
  const parley = useParley()
  const { members: store } = useSessionTools()
  const { members } = useMembers(room.id)

  async function add ({ id, displayName }: User): Promise<void> {
    try {
      const { member } = await parley.call('putMember', { params: { roomId: room.id, userId: id }, body: {} })
      store.put(room.id, member)
      toast(`${displayName} is in ${room.title} now.`)
    } catch (error) {
      toastError(error)
    }
  }

  return (
    <Dialog title={`Add people to ${room.title}`} onClose={onClose}>
      <PeopleSearch label='People' except={Object.keys(members)} onChoose={(user) => { void add(user) }} />
    </Dialog>
  )
}
