import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Member, RoomEvent } from '../../contract/index.ts'
import { ParleyError, type Parley } from '../../sdk/index.ts'
import type { People } from './people.ts'

/** The members of one room as far as they are loaded; kept true by the room's events. */
export interface MembersView {
  readonly members: Readonly<Record<string, Member>>
  readonly state: 'loading' | 'partly' | 'complete' | 'failed'
  readonly error: ParleyError | undefined
}

export interface MembersStore {
  readonly store: StoreApi<Readonly<Record<string, MembersView>>>
  /** Loads a room's members unless they are here: the first thousand; `loadAll` the rest as well. */
  need: (roomId: string) => void
  loadAll: (roomId: string) => Promise<void>
  /** The server has said so, in an answer. */
  put: (roomId: string, member: Member) => void
}

const pageSize = 500
const firstPages = 2
const empty: MembersView = { members: {}, state: 'loading', error: undefined }

export function createMembersStore (parley: Parley, people: People): MembersStore {
  const store = createStore<Readonly<Record<string, MembersView>>>(() => ({}))
  const cursors = new Map<string, string>()

  const change = (roomId: string, make: (view: MembersView) => MembersView): void => {
    store.setState((rooms) => ({ ...rooms, [roomId]: make(rooms[roomId] ?? empty) }))
  }

  async function load (roomId: string, pages: number): Promise<void> {
    change(roomId, (view) => ({ ...view, state: 'loading', error: undefined }))
    try {
      for (let page = 0; page < pages; page++) {
        const cursor = cursors.get(roomId)
        const answer = await parley.call('listMembers', { params: { roomId }, query: { limit: pageSize, ...(cursor !== undefined && { cursor }) } })
        people.learn(answer.members.map(({ user }) => user))
        change(roomId, (view) => ({
          ...view, members: { ...view.members, ...Object.fromEntries(answer.members.map((member) => [member.userId, member])) }
        }))
        if (answer.nextCursor === null) return change(roomId, (view) => ({ ...view, state: 'complete' }))
        cursors.set(roomId, answer.nextCursor)
      }
      change(roomId, (view) => ({ ...view, state: 'partly' }))
    } catch (error) {
      if (!(error instanceof ParleyError)) throw error
      change(roomId, (view) => ({ ...view, state: 'failed', error }))
    }
  }

  function need (roomId: string): void {
    const state = store.getState()[roomId]?.state
    if (state === undefined || state === 'failed') void load(roomId, firstPages)
  }

  parley.on('events', ({ room, events }) => {
    if (!store.getState()[room.id]) return
    const about = events.filter(isAboutMembers)
    if (about.length === 0) return
    people.need(about.map(({ data }) => data.userId))
    change(room.id, (view) => ({ ...view, members: about.reduce(applyMemberEvent, view.members) }))
  })
  // What was missed is not known member by member: ask again when somebody looks.
  parley.on('reset', ({ room }) => { forget(room.id) })
  let ownerId: string | undefined
  parley.on('user', (user) => {
    if (user?.id === ownerId) return
    ownerId = user?.id
    cursors.clear()
    store.setState({}, true)
  })

  function forget (roomId: string): void {
    cursors.delete(roomId)
    const { [roomId]: _, ...rest } = store.getState()
    store.setState(rest, true)
  }

  return {
    store,
    need,
    loadAll: (roomId) => load(roomId, Infinity),
    put: (roomId, member) => {
      people.learn([member.user])
      if (store.getState()[roomId]) change(roomId, (view) => ({ ...view, members: { ...view.members, [member.userId]: member } }))
    }
  }
}

type MemberEvent = Extract<RoomEvent, { type: 'member.joined' | 'member.left' | 'member.changed' }>

function isAboutMembers (event: RoomEvent): event is MemberEvent {
  return event.type.startsWith('member.')
}

/** Pure. Who has joined is shown by what `users` knows of them; the name here is only what was told last. */
export function applyMemberEvent (members: MembersView['members'], { type, data, at }: MemberEvent): MembersView['members'] {
  const { userId } = data
  if (type === 'member.left') {
    const { [userId]: _, ...rest } = members
    return rest
  }
  const known = members[userId]
  const mutedUntil = data.mutedUntil === undefined ? known?.mutedUntil ?? null : data.mutedUntil
  const user = known?.user ?? { id: userId, username: '', displayName: '' }
  return { ...members, [userId]: { userId, role: data.role, joinedAt: known?.joinedAt ?? at, mutedUntil, user } }
}
