import type { RoomEvent } from '../../contract/index.ts'

/** Where a room stood when a connection began to hear of it: the next live event has `lastSeq` + 1. */
export interface Baseline {
  roomId: string
  lastSeq: number
  epoch: string
}

/** What one connection was told, in its order. Times are milliseconds since the epoch. */
export type Frame =
  | { kind: 'ready', at: number, node: string, rooms: Baseline[] }
  | { kind: 'joined', at: number } & Baseline
  | { kind: 'left', at: number, roomId: string }
  | { kind: 'live', at: number, roomId: string, events: RoomEvent[] }
  | { kind: 'synced', at: number, roomId: string, after: number, events: RoomEvent[], lastSeq: number, epoch: string, hasMore: boolean, isReset: boolean }

export interface Connection {
  /** The socket's id. */
  id: string
  openedAt: number
  closedAt?: number
  /** As Socket.IO names it. */
  closedBecause?: string
  frames: Frame[]
}

/** An event as a client took it into its log of the room. */
export interface LoggedEvent {
  at: number
  event: RoomEvent
}

/** One device of one person. */
export interface ClientHistory {
  /** Such as `alice` or `alice/phone`. */
  name: string
  userId: string
  /** A bare client speaks Socket.IO and keeps its log itself; the SDK hands the app a log. */
  kind: 'bare' | 'sdk'
  connections: Connection[]
  /** By room. Of the SDK in the order in which the app was given them; of a bare client by seq. */
  logs: Map<string, LoggedEvent[]>
  /** Rooms of which the SDK said that the log begins anew: never right while Postgres loses nothing. */
  resets: Array<{ at: number, roomId: string }>
}

export type CommandKind = 'send' | 'edit' | 'delete' | 'react' | 'unreact'

/** How one attempt ended. Without an outcome nobody knows whether it was done. */
export type Outcome =
  | { at: number, ok: true, seq: number | null, text?: string | null }
  | { at: number, ok: false, code: string, mayBeDone: boolean }

export interface Attempt {
  at: number
  via: 'socket' | 'rest' | 'sdk'
  /** The socket that carried it. */
  connectionId?: string
  outcome?: Outcome
}

/** Something that a client asked for, under one id, as often as it took. */
export interface CommandRecord {
  client: string
  userId: string
  kind: CommandKind
  roomId: string
  id: string
  /** send, edit. */
  text?: string
  /** edit, delete, react, unreact: the message's. */
  targetSeq?: number
  attempts: Attempt[]
}

/** Everything that happened, as the clients know it. */
export interface History {
  clients: ClientHistory[]
  commands: CommandRecord[]
}
