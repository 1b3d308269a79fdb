import type { FastifyInstance } from 'fastify'
import { ContractError } from '../contract/index.ts'
import type { ParleySocket } from './server.ts'

/** Lets in whoever has a live session, read from the same cookie and store as everywhere; says why it refuses. */
export function createAuthenticate (app: FastifyInstance) {
  async function authenticate (socket: ParleySocket): Promise<void> {
    const { request } = socket
    if (!app.isAllowedOrigin(request)) throw new ContractError('origin.refused')
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
    authenticate(socket).then(() => { next() }, (error: unknown) => { next(toConnectError(app.toContractError(error))) })
  }
}

/** What the client finds in `connect_error`. */
export function toConnectError (error: ContractError): Error {
  return Object.assign(new Error(error.code), { data: error.toAnswer() })
}
