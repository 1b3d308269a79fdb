import type { FastifyInstance } from 'fastify'
import { ContractError } from '../contract/index.ts'
import type { Entrance } from './entrance.ts'
import type { ParleySocket } from './server.ts'

/** Lets in whoever has a live session, read from the same cookie and store as everywhere; says why it refuses. */
export function createAuthenticate (app: FastifyInstance, entrance: Entrance) {
  async function authenticate (socket: ParleySocket): Promise<void> {
    const { request } = socket
    app.requireAllowedOrigin(request)
    await entrance.enter(socket)
    const found = await app.readSession(request.headers.cookie)
    if (!found) throw new ContractError('session.required')
    const { session, account } = found
    entrance.identify(socket, session.userId)
    socket.data.session = session
    socket.data.account = account
    socket.data.actor = { userId: session.userId, sessionId: session.id, connectionId: socket.id }
    socket.data.isReady = false
  }

  return (socket: ParleySocket, next: (error?: Error) => void): void => {
    authenticate(socket).then(() => { next() }, (error: unknown) => {
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
