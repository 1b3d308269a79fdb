import type { FastifyInstance } from 'fastify'
import { limits, type ServerEventPayload } from '../contract/index.ts'
import { toSession } from '../domain/session.ts'
import { limitBacklog } from './backlog.ts'
import type { Entrance } from './entrance.ts'
import { forgetRequest, sendHeldBack } from './handshake.ts'
import type { Memberships } from './memberships.ts'
import { toEventText, toFrame, type Tell } from './outgoing.ts'
import { causeOf } from './presence/sockets.ts'
import type { ParleySocket } from './server.ts'
import type { SessionEnd } from './session-end.ts'

interface ConnectionDeps {
  app: FastifyInstance
  memberships: Memberships
  sessionEnd: SessionEnd
  entrance: Entrance
  onCutOff: () => void
  tell: Tell
  dispatch: (socket: ParleySocket, name: string, packet: unknown[]) => void
}

/** The life of one socket: into its rooms, `session:ready`, commands, and out again. */
export function createConnection ({ app, memberships, sessionEnd, entrance, dispatch, tell, onCutOff }: ConnectionDeps) {
  const node = app.config.NODE_NAME
  const watchBacklog = limitBacklog(limits.backlogBytes, onCutOff)

  function welcome (socket: ParleySocket): void {
    const { arrival, session } = socket.data
    if (!arrival) return
    const { account, reading } = arrival
    socket.data.arrival = undefined
    entrance.ready(socket)
    // Its session ended during the handshake: it has gone again.
    if (!socket.connected) return memberships.giveUp(session.userId, reading)
    const { states, hasMore } = memberships.enter(socket, reading)
    const ready: ServerEventPayload<'session:ready'> = { user: account, session: toSession(session, true), node, rooms: states, hasMore }
    // Nothing in it is binary, which Socket.IO would look for everywhere.
    const text = toEventText('session:ready', JSON.stringify(ready))
    tell(socket.conn, text, toFrame(`4${text}`))
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
    watchBacklog(socket)
    sessionEnd.bind(socket)
    welcome(socket)
    sendHeldBack(socket)
  }
}
