import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Account, EndReason, Presence, Session as Device, User } from '../../contract/index.ts'
import type { ClientState, Parley, ParleyError, Stop } from '../../sdk/index.ts'
import type { MembersStore } from './members-store.ts'
import type { People } from './people.ts'
import type { PresenceWatcher } from './presence-watcher.ts'
import { sameRooms, viewRooms, type RoomView } from './room-view.ts'

/** How it stands with the server. */
export interface ConnectionView {
  state: ClientState
  /** The node at the other end, or the last one that was. */
  node: string | undefined
  /** When the next attempt is due, by this machine's clock, while it is waited for. */
  retryAt: number | undefined
}

/** What the page shows of the client. Fed by its events; components read it through the named hooks. */
export interface SessionView {
  /** Whether it is known yet who is signed in; `failed` when the server could not be asked. */
  opening: 'asking' | 'failed' | 'known'
  openingError: ParleyError | undefined
  account: Account | undefined
  device: Device | undefined
  /** Why nobody is signed in any more, when that was not one's own doing here. */
  ended: { reason: EndReason | undefined } | undefined
  connection: ConnectionView
  /** The nodes that this page has been connected to, the last one first. */
  visits: ReadonlyArray<{ node: string, at: string }>
  /** My rooms, by title. */
  rooms: readonly RoomView[]
  /** Whether the server has told of them since signing in. */
  areRoomsKnown: boolean
  users: Readonly<Record<string, User>>
  presences: Readonly<Record<string, Presence>>
}

/** What the app is given once: the client, what it shows, and what outlives a page of it. */
export interface Session {
  readonly parley: Parley
  readonly store: StoreApi<SessionView>
  readonly people: People
  readonly members: MembersStore
  readonly presenceWatcher: PresenceWatcher
  /** Asks who is signed in: on opening the page, and again after a failure. */
  open: () => Promise<void>
  signIn: (credentials: { username: string, password: string }) => Promise<void>
  signOut: () => Promise<void>
}

const mostVisits = 20

const nobody = { account: undefined, device: undefined, rooms: [], areRoomsKnown: false, presences: {} } as const

export function createSessionStore (parley: Parley): { store: StoreApi<SessionView>, stop: Stop } {
  const store = createStore<SessionView>(() => ({
    ...nobody,
    opening: 'asking',
    openingError: undefined,
    ended: undefined,
    users: {},
    visits: [],
    connection: { state: parley.state, node: parley.node, retryAt: undefined }
  }))

  function showRooms (): void {
    const { users, rooms, account } = store.getState()
    if (!account) return
    const next = viewRooms(parley.rooms.joined, { users, userId: account.id })
    if (!sameRooms(rooms, next.rooms)) store.setState({ rooms: next.merge(rooms) })
  }

  function showConnection (retryAt?: number): void {
    const { state, node } = parley
    store.setState({ connection: { state, node, retryAt } })
    if (state !== 'online' || node === undefined) return
    const visit = { node, at: new Date().toISOString() }
    store.setState(({ visits }) => ({ areRoomsKnown: true, device: parley.session, visits: [visit, ...visits].slice(0, mostVisits) }))
  }

  const stops = [
    parley.on('state', () => { showConnection() }),
    parley.on('retry', ({ at }) => { showConnection(at) }),
    parley.on('user', (account) => {
      if (!account) return store.setState(nobody)
      store.setState(({ users }) => ({ account, device: parley.session, ended: undefined, opening: 'known', users: { ...users, [account.id]: account } }))
      showRooms()
    }),
    parley.on('signedOut', (ended) => { store.setState({ ended, opening: 'known' }) }),
    parley.on('rooms', showRooms),
    parley.on('presence', (changed) => {
      store.setState(({ presences }) => ({ presences: { ...presences, ...Object.fromEntries(changed.map((presence) => [presence.userId, presence])) } }))
    }),
    store.subscribe((now, before) => { if (now.users !== before.users) showRooms() })
  ]
  return { store, stop: () => { for (const stop of stops) stop() } }
}
