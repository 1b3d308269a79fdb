import type { FastifyInstance, FastifyRequest } from 'fastify'

/** A line for whoever has to find out later who got into an account, and how. */
export function audit (app: FastifyInstance, request: FastifyRequest, event: string, userId: string): void {
  request.log.info({ userId, address: app.addressOf(request.raw) }, event)
}
