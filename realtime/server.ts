import type { Server, Socket } from 'socket.io'
import type { CommandData, CommandName, CommandPayload, ErrorAnswer, RoomState, ServerEventName, ServerEventPayload } from '../contract/index.ts'
import type { Actor } from '../domain/actor.ts'
import type { LiveSession } from '../domain/session.ts'
import type { Arriving } from './arrivals.ts'

/** How every command is answered. */
export type Ack<Name extends CommandName> = (answer: { ok: true, data: CommandData<Name> } | ({ ok: false } & ErrorAnswer)) => void

type CommandMap = { [Name in CommandName]: (payload: CommandPayload<Name>, ack: Ack<Name>) => void }
type ServerEventMap = { [Name in ServerEventName]: (payload: ServerEventPayload<Name>) => void }

/** A read mark that moved, by this connection if by one. */
export interface ReadMark {
  userId: string
  roomId: string
  seq: number
  connectionId?: string | undefined
}

/** What nodes tell each other through the adapter; no answer is ever waited for. */
export interface NodeEventMap {
  /** A user has entered a room: look whether they have sockets here. */
  'membership:changed': (userId: string) => void
  /** A user has read on: tell their other sockets here. */
  'read:marked': (mark: ReadMark) => void
  /** A session has ended: close its sockets. */
  'session:ended': (sessionId: string, reason: ServerEventPayload<'session:ended'>['reason']) => void
}

/** What is known of a connection from its handshake on. */
export interface SocketData {
  actor: Actor
  session: LiveSession
  /** What was found of it during the handshake; let go of once `session:ready` has told it. */
  arrival: Arriving | undefined
  /** Rooms that a command of this socket is joining, and how they were found. */
  joining?: Map<string, RoomState | undefined>
}

export type ParleyServer = Server<CommandMap, ServerEventMap, NodeEventMap, SocketData>
export type ParleySocket = Socket<CommandMap, ServerEventMap, NodeEventMap, SocketData>
