import { limits, type NodeSummary, type Presence, type PresenceCounts } from '../../contract/index.ts'

/**
 * Why a connection ended: it decides when others hear of it.
 *
 * - `logout`: its session ended. At once.
 * - `dropped`: it broke off or was closed. After the grace, unless the session comes back.
 * - `silent`: nothing was heard of it for longer than the grace (a ping timeout), so the grace is over. At once.
 * - `drained`: this node is stopping and closed it. After a longer grace.
 */
export type DisconnectCause = 'logout' | 'dropped' | 'silent' | 'drained'

/** A connection that has come. No id may contain a space. */
export interface Arrival {
  userId: string
  /** The public id. A connection of the same session ends the grace of one before it. */
  sessionId: string
  connectionId: string
}

export interface Departing {
  userId: string
  connectionId: string
  cause: DisconnectCause
}

/** Told what has changed for connections that watch: each of them has its changes of a tick in one call. */
export type ChangeListener = (connectionIds: string[], users: Presence[]) => void

/** The rooms that a connection is in, of those whose logs this node follows. */
export interface FollowedRooms {
  ids: () => Iterable<string>
  /** The same for as long as nobody can have left the room without `moved` having said so; undefined when the connection is not in it. */
  lifeOf: (roomId: string) => number | undefined
}

/** Who is online, as far as this node is concerned: what it says of its own connections, and what it hears of all. */
export interface PresenceService {
  /** Takes the leases; without Redis they are taken when it is there. */
  start: () => Promise<void>
  /** Resolves when others see it, or when Redis cannot be asked: then they see it later. Never rejects. */
  connect: (arrival: Arrival) => Promise<void>
  /** The connection is gone, and watches nobody any more. */
  disconnect: (departing: Departing) => void
  /** Resolves like `connect`. */
  setStatus: (connectionId: string, status: 'online' | 'away') => Promise<void>
  /** How these people are, whoever asks, in the order asked. */
  read: (userIds: string[]) => Promise<Presence[]>
  /** The same as one of them may see it. */
  see: (viewerId: string, userIds: string[]) => Promise<Presence[]>
  /**
   * How many of a room are online, and the first hundred of them.
   *
   * @throws `room.not_found` or `request.forbidden` for whoever is not in it.
   */
  seeRoom: (viewerId: string, roomId: string) => Promise<{ counts: PresenceCounts, users: Presence[] }>
  /**
   * The picture now; from then on the listener is told what changes. Of people found in one of these rooms before it is
   * not asked again whether the viewer may see them.
   *
   * @throws `request.invalid` when that is more people than one connection may watch.
   */
  watch: (connectionId: string, viewerId: string, userIds: string[], rooms?: FollowedRooms) => Promise<Presence[]>
  unwatch: (connectionId: string, userIds: string[]) => void
  /** These users have entered or left a room: who sees whom is asked anew, for those who watch here. */
  moved: (userIds: Iterable<string>) => void
  onChanged: (listener: ChangeListener) => void
  /**
   * The nodes that are alive, by name, with the connections that are seen there.
   *
   * @throws what Redis fails with when it cannot be asked.
   */
  nodes: () => Promise<NodeSummary[]>
  measure: () => PresenceMeasures
  /** From now on a connection that breaks off counts as `drained`. */
  drain: () => void
  /** Leaves what is still connected in its grace, and gives up the leases. */
  close: () => Promise<void>
}

/** What an operator looks at. */
export interface PresenceMeasures {
  /** Connections of this node that are to be seen as online or away. */
  connections: number
  watchers: number
  /** People watched from here. */
  watched: number
  /** Partitions of which this node cannot say for now how anybody in it is. */
  partitionsOutOfTouch: number
}

export interface Limits {
  /** People one connection may watch. */
  watched: number
  /** People named by `seeRoom`. */
  listed: number
}

export const standardLimits: Limits = { watched: limits.watchedUsers, listed: 100 }
