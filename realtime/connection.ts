import type { FastifyInstance } from 'fastify'
import { ContractError, limits } from '../contract/index.ts'
import { toSession } from '../domain/session.ts'
import { limitBacklog } from './backlog.ts'
import type { Entrance } from './entrance.ts'
import { forgetRequest } from './handshake.ts'
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
  async function welcome (socket: ParleySocket): Promise<void> {
    const { actor, account, session } = socket.data
    if (!account) throw new ContractError('session.required')
    socket.data.account = undefined
    const arrival = { userId: actor.userId, sessionId: actor.sessionId, connectionId: socket.id }
    await app.presence.connect(arrival)
    await memberships.enter(socket, ({ states, hasMore }) => {
      socket.data.isReady = true
      socket.emit('session:ready', {
        user: account,
        session: toSession(session, true),
        node: app.config.NODE_NAME,
        rooms: states,
        hasMore
      })
    })
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
    // Its session ended during the handshake: it has gone again.
    if (!socket.connected) return

    socket.data.ready = welcome(socket).finally(() => { entrance.ready(socket) })
    socket.data.ready.catch((error: unknown) => {
      // A plain client whose transport closes comes back by itself.
      app.toContractError(error, app.log)
      socket.conn.close()
    })
  }
}
