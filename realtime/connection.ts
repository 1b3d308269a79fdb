import type { FastifyInstance } from 'fastify'
import { limits } from '../contract/index.ts'
import { toSession } from '../domain/session.ts'
import { limitBacklog } from './backlog.ts'
import type { Entrance } from './entrance.ts'
import { forgetRequest, sendHeldBack } from './handshake.ts'
import type { Memberships } from './memberships.ts'
import { userName } from './names.ts'
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

  return (socket: ParleySocket): void => {
    const { actor } = socket.data
    forgetRequest(socket)
    void socket.join(userName(actor.userId))
    socket.onAny((name: string, ...packet: unknown[]) => { dispatch(socket, name, packet) })
    socket.on('disconnect', (reason) => {
      app.presence.disconnect({ userId: actor.userId, connectionId: socket.id, cause: causeOf(reason) })
      entrance.leave(socket)
      memberships.exit(socket)
      sessionEnd.unbind(socket)
    })
    limitBacklog(socket, limits.backlogBytes, onCutOff)
    sessionEnd.bind(socket)
    welcome(socket)
    sendHeldBack(socket)
  }
}
