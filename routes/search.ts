import type { FastifyInstance } from 'fastify'
import { route } from './route.ts'

/** Finding messages by their words. */
export async function searchRoutes (app: FastifyInstance): Promise<void> {
  const { search } = app.domain

  route(app, 'searchRoom', ({ actor, params, query }) => search.inRoom(actor, params.roomId, { ...query, limit: query.limit ?? 20 }))
  route(app, 'searchMessages', ({ actor, query }) => search.everywhere(actor, { ...query, limit: query.limit ?? 20 }))
}
