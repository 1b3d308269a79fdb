import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { ContractError } from '../contract/index.ts'
import type { ParleyServer, ParleySocket } from './server.ts'

/**
 * Guards every request of Socket.IO's transports, not only the first: a page that may not call must not go on with a
 * connection that another has begun, and may not read answers as a script (JSONP), which needs no Origin.
 */
export function guardTransports (app: FastifyInstance, io: ParleyServer): void {
  function check (request: IncomingMessage): void {
    const query = new URLSearchParams(request.url?.split('?')[1])
    if (query.has('j')) throw new ContractError('request.invalid', { message: 'JSONP is not supported.' })
    const sid = query.get('sid')
    // A connection that was begun by such a page is told why when it enters the namespace.
    const first = sid === null ? undefined : clientsOf(io)[sid]?.request
    if (first && app.isAllowedOrigin(first)) app.requireAllowedOrigin(request)
  }

  io.engine.use((request: IncomingMessage, response: ServerResponse, next: () => void) => {
    try {
      check(request)
    } catch (error) {
      const known = app.toContractError(error)
      response.writeHead(known.status, { 'content-type': 'application/json; charset=utf-8', 'x-content-type-options': 'nosniff' })
      response.end(JSON.stringify(known.toAnswer()))
      return
    }
    next()
  })
}

function clientsOf (io: ParleyServer): Record<string, { request: IncomingMessage } | undefined> {
  return (io.engine as unknown as { clients: Record<string, { request: IncomingMessage }> }).clients
}

/** Lets a connection enter the namespace once at a time: whoever asks again and again gets no second socket. */
export function createEntrance () {
  const entered = new WeakSet<ParleySocket['conn']>()
  return {
    /** @throws `request.invalid` */
    enter ({ conn }: ParleySocket): void {
      if (entered.has(conn)) {
        conn.close()
        throw new ContractError('request.invalid', { message: 'This connection has entered already.' })
      }
      entered.add(conn)
    },
    leave ({ conn }: ParleySocket): void {
      entered.delete(conn)
    }
  }
}

export type Entrance = ReturnType<typeof createEntrance>
