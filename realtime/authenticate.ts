import type { FastifyInstance } from 'fastify'
import { ContractError } from '../contract/index.ts'
import type { Arrivals } from './arrivals.ts'
import type { Entrance } from './entrance.ts'
import { holdBack } from './handshake.ts'
import type { ParleySocket } from './server.ts'

/** Lets in whoever has a live session, by the same cookie, store and rule as everywhere; says why it refuses. */
export function createAuthenticate (app: FastifyInstance, entrance: Entrance, arrive: Arrivals) {
  async function authenticate (socket: ParleySocket): Promise<void> {
    const { request, id: connectionId } = socket
    app.requireAllowedOrigin(request)
    await entrance.enter(socket)
    const session = await app.findSession(request.headers.cookie)
    if (!session) throw new ContractError('session.required')
    const { userId, id: sessionId } = session
    entrance.identify(socket, userId)
    socket.data.session = session
    socket.data.actor = { userId, sessionId, connectionId }
    await arrive(socket)
  }

  return (socket: ParleySocket, next: (error?: Error) => void): void => {
    authenticate(socket).then(() => {
      holdBack(socket)
      next()
    }, (error: unknown) => {
      entrance.leave(socket)
      next(toConnectError(app.toContractError(error)))
      // Whoever was refused comes back by another connection: this one would only cost. After the answer, which is sent in the next tick.
      setImmediate(() => { socket.conn.close() })
    })
  }
}

/** What the client finds in `connect_error`. */
export function toConnectError (error: ContractError): Error {
  return Object.assign(new Error(error.code), { data: error.toAnswer() })
}
