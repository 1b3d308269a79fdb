import { useEffect } from 'react'
import { useStore } from 'zustand'
import type { Account, Member, Presence, Role, User } from '../../contract/index.ts'
import type { Room } from '../../sdk/index.ts'
import { useParley, useSessionTools, useSessionView } from './context.ts'
import type { MembersView } from './members-store.ts'
import type { RoomView } from './room-view.ts'
import type { ConnectionView } from './session-store.ts'

/** Who I am. Only below where somebody is signed in. */
export function useAccount (): Account {
  const account = useSessionView((view) => view.account)
  if (!account) throw new Error('Nobody is signed in.')
  return account
}

export function useConnection (): ConnectionView {
  return useSessionView((view) => view.connection)
}

/** My rooms, by title. */
export function useRooms (): readonly RoomView[] {
  return useSessionView((view) => view.rooms)
}

/** A room of mine as lists show it; undefined when I am not in it. */
export function useRoom (roomId: string | undefined): RoomView | undefined {
  return useSessionView((view) => view.rooms.find(({ id }) => id === roomId))
}

/** The SDK's room: for its events, and for what one does in it. */
export function useRoomHandle (roomId: string): Room {
  return useParley().rooms.get(roomId)
}

/** Somebody; looked up when they are not known yet. */
export function useUser (userId: string | undefined): User | undefined {
  const { people } = useSessionTools()
  const user = useSessionView((view) => userId === undefined ? undefined : view.users[userId])
  useEffect(() => { if (userId !== undefined && !user) people.need([userId]) }, [people, userId, user])
  return user
}

/** Everybody who is known, by id. */
export function useUsers (): Readonly<Record<string, User>> {
  return useSessionView((view) => view.users)
}

/** How somebody is; watched as long as the component stands. Not known while there is no connection. */
export function usePresence (userId: string | undefined): Presence | undefined {
  const { presenceWatcher } = useSessionTools()
  useEffect(() => userId === undefined ? undefined : presenceWatcher.watch(userId), [presenceWatcher, userId])
  return useSessionView(({ connection, presences }) => userId === undefined || connection.state !== 'online' ? undefined : presences[userId])
}

const none: MembersView = { members: {}, state: 'loading', error: undefined }

/** The members of a room, loaded when they are wanted and live from then on. */
export function useMembers (roomId: string): MembersView {
  const { members } = useSessionTools()
  const view = useStore(members.store, (rooms) => rooms[roomId])
  const isMissing = view === undefined
  useEffect(() => { if (isMissing) members.need(roomId) }, [members, roomId, isMissing])
  return view ?? none
}

export function useMember (roomId: string, userId: string): Member | undefined {
  return useMembers(roomId).members[userId]
}

/** My role in a room; undefined until it is known. */
export function useMyRole (roomId: string): Role | undefined {
  return useMember(roomId, useAccount().id)?.role
}
