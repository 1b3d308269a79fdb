import type { FastifyBaseLogger } from 'fastify'
import { limits, type RoomState } from '../contract/index.ts'
import type { Members, Membership, Memberships as Loaded } from '../domain/members.ts'
import type { Feed } from './feed/feed.ts'
import { roomName, toRoomId } from './names.ts'
import { Reading } from './reading.ts'
import { stateIn, toState } from './room-state.ts'
import type { ParleyServer, ParleySocket } from './server.ts'

interface MembershipsDeps {
  io: ParleyServer
  feed: () => Feed
  members: Members
  log: FastifyBaseLogger
}

/** A user with sockets on this node. */
interface LocalUser {
  /** Of most there is one. */
  sockets: ParleySocket[]
  /** The version of the memberships that the sockets were last brought to. */
  version: number
  /** Those who are reading the user's memberships, or hold what they read. */
  readings: Reading[] | undefined
  refreshing: Promise<void> | undefined
  isStale: boolean
}

export interface Entered {
  states: RoomState[]
  hasMore: boolean
}

/** Keeps each socket in exactly the rooms that its user is a member of. */
export function createMemberships ({ io, feed, members, log }: MembershipsDeps) {
  const users = new Map<string, LocalUser>()

  function begin (user: LocalUser): Reading {
    const reading = new Reading()
    if (user.readings) user.readings.push(reading)
    else user.readings = [reading]
    return reading
  }

  /** Says whether all of these rooms are local: then the reading holds, and knows from now on which of them the user has left. */
  function take (reading: Reading, loaded: Loaded): boolean {
    reading.take(loaded)
    return feed().hold(loaded.memberships.map(({ room }) => room.id))
  }

  /** Reads a user's memberships until they hold for rooms that are all local. */
  async function fill (userId: string, reading: Reading): Promise<void> {
    while (!take(reading, await members.load(userId))) await openAll(reading)
  }

  /** Once all are local, the feed knows who leaves; before that, somebody may have left unseen. */
  async function openAll (reading: Reading): Promise<void> {
    await feed().open(reading.memberships.map(({ room }) => room.id))
    reading.forgetLeft()
  }

  function end (userId: string, user: LocalUser, reading: Reading): void {
    const others = user.readings?.filter((other) => other !== reading) ?? []
    user.readings = others.length > 0 ? others : undefined
    tidy(userId, user)
  }

  /** Hands a reading over in the very tick in which it holds: a room's tail is then what its sockets have been told. */
  async function read<T> (userId: string, user: LocalUser, use: (memberships: Membership[], version: number) => T): Promise<T> {
    const reading = begin(user)
    try {
      await fill(userId, reading)
      return use(reading.memberships, reading.version)
    } finally {
      end(userId, user, reading)
    }
  }

  function tidy (userId: string, user: LocalUser): void {
    if (user.sockets.length === 0 && !user.readings && users.get(userId) === user) users.delete(userId)
  }

  function reconcile (user: LocalUser, memberships: Membership[]): void {
    const wanted = new Map(memberships.map((membership) => [roomName(membership.room.id), membership]))
    for (const socket of user.sockets) {
      for (const name of socket.rooms) {
        const roomId = toRoomId(name)
        if (roomId === undefined || wanted.has(name)) continue
        void socket.leave(name)
        socket.emit('room:left', { roomId })
      }
      for (const [name, membership] of wanted) {
        const state = socket.rooms.has(name) ? undefined : toState(feed(), membership)
        if (!state) continue
        void socket.join(name)
        socket.emit('room:joined', state)
        if (socket.data.joining?.has(membership.room.id)) socket.data.joining.set(membership.room.id, state)
      }
    }
  }

  /** What was read may be older than what a new socket has found meanwhile: then it is read again. */
  function adopt (user: LocalUser, memberships: Membership[], version: number): void {
    if (version < user.version) user.isStale = true
    else reconcile(user, memberships)
    user.version = version
  }

  /** Rooms that the user's sockets are in and shall not be: their logs say up to where. */
  function findLeft (user: LocalUser, memberships: Membership[]): string[] {
    const wanted = new Set(memberships.map(({ room }) => room.id))
    const joined = new Set([...user.sockets].flatMap((socket) => [...socket.rooms].flatMap((name) => toRoomId(name) ?? [])))
    return [...joined].filter((roomId) => !wanted.has(roomId))
  }

  /** Brings the user's sockets here to the rooms that Postgres says; one reading at a time. */
  async function refresh (userId: string): Promise<void> {
    const user = users.get(userId)
    if (!user) return
    user.isStale = true
    user.refreshing ??= refreshUntilFresh(userId, user)
    await user.refreshing
  }

  async function refreshUntilFresh (userId: string, user: LocalUser): Promise<void> {
    try {
      while (user.isStale) {
        user.isStale = false
        const left = await read(userId, user, (memberships, version) => {
          const rooms = findLeft(user, memberships)
          if (rooms.length === 0) adopt(user, memberships, version)
          return rooms
        })
        if (left.length === 0) continue
        // A notice was lost. The log takes the user out at exactly the right event; only then is the rest set right.
        await feed().catchUp(left)
        await read(userId, user, (memberships, version) => { adopt(user, memberships, version) })
      }
    } finally {
      // In the very step in which it was fresh: whoever asks from now on begins anew.
      user.refreshing = undefined
    }
  }

  function socketsIn (roomId: string): ParleySocket[] {
    const ids = io.of('/').adapter.rooms.get(roomName(roomId)) ?? new Set<string>()
    return [...ids].flatMap((id) => io.sockets.sockets.get(id) ?? [])
  }

  function report (error: unknown): void {
    log.warn({ err: error }, 'memberships could not be read; the next check tries again')
  }

  return {
    refresh,

    /** The sockets that a user has here. */
    socketIdsOf (userId: string): string[] {
      return users.get(userId)?.sockets.map(({ id }) => id) ?? []
    },

    refreshIfHere (userId: string): void {
      if (users.has(userId)) refresh(userId).catch(report)
    },

    /** Somebody is about to enter: begins a reading of their rooms, which is to be filled, and then entered with or given up. */
    expect (userId: string): Reading {
      let user = users.get(userId)
      if (!user) {
        user = { sockets: [], version: -1, readings: undefined, refreshing: undefined, isStale: false }
        users.set(userId, user)
      }
      return begin(user)
    },

    /** With what was read of them; says whether it holds already. If not, `settle` reads on. */
    take,

    /** Opens the rooms that are not local, and reads again. */
    async settle (userId: string, reading: Reading): Promise<void> {
      await openAll(reading)
      await fill(userId, reading)
    },

    /** Whoever was expected does not enter. */
    giveUp (userId: string, reading: Reading): void {
      const user = users.get(userId)
      if (user) end(userId, user, reading)
    },

    /** Puts a new socket into the rooms that were read for it: all that is told of them from this tick on comes to it. */
    enter (socket: ParleySocket, reading: Reading): Entered {
      const { userId } = socket.data.actor
      const user = users.get(userId)
      if (!user) throw new Error('Nobody has read this user\'s rooms.')
      user.sockets.push(socket)
      const states: RoomState[] = []
      const { memberships, version } = reading
      const names: string[] = []
      for (const membership of memberships) {
        const local = feed().get(membership.room.id)
        const state = local && stateIn(local, membership)
        if (!state) continue
        names.push(local.name)
        states.push(state)
      }
      if (names.length > 0) void socket.join(names)
      end(userId, user, reading)
      // What was found out about the user before this socket was there went past it.
      if (version < user.version || states.length < memberships.length) refresh(userId).catch(report)
      user.version = Math.max(user.version, version)
      const hasMore = states.length > limits.readyRooms
      return { states: hasMore ? states.slice(0, limits.readyRooms) : states, hasMore }
    },

    exit (socket: ParleySocket): void {
      const { userId } = socket.data.actor
      const user = users.get(userId)
      if (!user) return
      user.sockets = user.sockets.filter((other) => other !== socket)
      tidy(userId, user)
    },

    /** Takes the user's sockets out of a room, in this very tick. */
    leave (roomId: string, userId: string): void {
      const user = users.get(userId)
      if (!user) return
      for (const reading of user.readings ?? []) reading.leave(roomId)
      for (const socket of user.sockets) {
        if (!socket.rooms.has(roomName(roomId))) continue
        void socket.leave(roomName(roomId))
        socket.emit('room:left', { roomId })
      }
    },

    /** Takes everybody here out of a room that is no more, and says who that was. */
    close (roomId: string): Set<string> {
      const userIds = new Set<string>()
      for (const socket of socketsIn(roomId)) {
        userIds.add(socket.data.actor.userId)
        socket.emit('room:left', { roomId })
        void socket.leave(roomName(roomId))
      }
      return userIds
    },

    /** Sends everybody here who is in the room to connect again: what they were told of it does not hold. */
    reset (roomId: string): void {
      for (const socket of socketsIn(roomId)) socket.conn.close()
    },

    /** Finds the users here whose memberships have changed without this node having heard of it. */
    async check (): Promise<void> {
      // Whoever has no version yet is just entering, which reads their rooms.
      const known = Array.from(users, ([userId, { version }]) => ({ userId, version })).filter(({ version }) => version >= 0)
      if (known.length === 0) return
      for (const { userId, version } of await members.changes(known)) {
        // One after another: after a large room is gone there are many.
        if (users.get(userId)?.version !== version) await refresh(userId)
      }
    }
  }
}

export type Memberships = ReturnType<typeof createMemberships>
