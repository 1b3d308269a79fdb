import type { FastifyInstance } from 'fastify'
import { limits } from '../contract/index.ts'
import { toSession } from '../domain/session.ts'
import { limitBacklog } from './backlog.ts'
import type { Entrance } from './entrance.ts'
import { forgetRequest, sendHeldBack } from './handshake.ts'
import type { Memberships } from './memberships.ts'
import { causeOf } from './presence/sockets.ts'
import type { ParleySocket } from './server.ts'
import type { SessionEnd } from './session-end.ts'

interface ConnectionDeps {
  app: FastifyInstance
  memberships: Memberships
  sessionEnd: SessionEnd
  entrance: Entrance
  onCutOff: () => void
  dispatch: (socket: ParleySocket, name: string, packet: unknown[]) => void
}

/** The life of one socket: into its rooms, `session:ready`, commands, and out again. */
export function createConnection ({ app, memberships, sessionEnd, entrance, dispatch, onCutOff }: ConnectionDeps) {
  function welcome (socket: ParleySocket): void {
    const { arrival, session } = socket.data
    if (!arrival) return
    const { account, reading, settle } = arrival
    socket.data.arrival = undefined
    settle()
    // Its session ended during the handshake: it has gone again.
    if (!socket.connected) return reading.end()
    const { states, hasMore } = memberships.enter(socket, reading)
    socket.emit('session:ready', { user: account, session: toSession(session, true), node: app.config.NODE_NAME, rooms: states, hasMore })
    entrance.ready(socket)
  }

  // One of each for all sockets: of those there are very many.
  function onAny (this: ParleySocket, name: string, ...packet: unknown[]): void {
    dispatch(this, name, packet)
  }

  function onDisconnect (this: ParleySocket, reason: string): void {
    app.presence.disconnect({ userId: this.data.actor.userId, connectionId: this.id, cause: causeOf(reason) })
    entrance.leave(this)
    memberships.exit(this)
    sessionEnd.unbind(this)
  }

  return (socket: ParleySocket): void => {
    forgetRequest(socket)
    socket.onAny(onAny)
    socket.on('disconnect', onDisconnect)
    limitBacklog(socket, limits.backlogBytes, onCutOff)
    sessionEnd.bind(socket)
    welcome(socket)
    sendHeldBack(socket)
  }
}
