import type { FastifyInstance } from 'fastify'
import { ContractError } from '../contract/index.ts'
import type { Entrance } from './handshake.ts'
import type { ParleySocket } from './server.ts'

/** Lets in whoever has a live session, read from the same cookie and store as everywhere; says why it refuses. */
export function createAuthenticate (app: FastifyInstance, entrance: Entrance) {
  async function authenticate (socket: ParleySocket): Promise<void> {
    const { request } = socket
    app.requireAllowedOrigin(request)
    const found = await app.readSession(request.headers.cookie)
    if (!found) throw new ContractError('session.required')
    const { session, account } = found
    socket.data.session = session
    socket.data.account = account
    socket.data.actor = { userId: session.userId, sessionId: session.id, connectionId: socket.id }
    socket.data.isReady = false
    socket.data.joining = new Map()
  }

  return (socket: ParleySocket, next: (error?: Error) => void): void => {
    try {
      entrance.enter(socket)
    } catch (error) {
      next(toConnectError(app.toContractError(error)))
      return
    }
    authenticate(socket).then(() => { next() }, (error: unknown) => {
      entrance.leave(socket)
      next(toConnectError(app.toContractError(error)))
    })
  }
}

/** What the client finds in `connect_error`. */
export function toConnectError (error: ContractError): Error {
  return Object.assign(new Error(error.code), { data: error.toAnswer() })
}
