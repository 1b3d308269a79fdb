import { useNavigate } from 'react-router'
import type { Member, Role } from '../../../contract/index.ts'
import { useParley, useSessionTools } from '../../stores/context.ts'

/** What one may do about a member. The room's events show what came of it; what the answer tells is shown before. */
export function useMemberActions (roomId: string, userId: string) {
  const parley = useParley()
  const { members } = useSessionTools()
  const navigate = useNavigate()
  const params = { roomId, userId }
  return {
    async message () {
      await navigate(`/rooms/${(await parley.rooms.openDirect(userId)).id}`)
    },
    async giveRole (role: Role) {
      members.put(roomId, (await parley.call('putMember', { params, body: { role } })).member)
    },
    async mute (seconds?: number) {
      const until = seconds === undefined ? undefined : new Date(Date.now() + seconds * 1000).toISOString()
      members.put(roomId, (await parley.call('muteMember', { params, body: until === undefined ? {} : { until } })).member)
    },
    async unmute () {
      members.put(roomId, (await parley.call('liftMute', { params })).member)
    },
    async remove () {
      await parley.call('removeMember', { params })
    },
    async ban () {
      await parley.call('banUser', { params, body: {} })
    }
  }
}

export function isMuted ({ mutedUntil }: Member, now = Date.now()): boolean {
  return mutedUntil !== null && Date.parse(mutedUntil) > now
}
