import type { FastifyInstance } from 'fastify'
import { route } from './route.ts'

/** People, as others find them. */
export async function userRoutes (app: FastifyInstance): Promise<void> {
  const { accounts } = app.domain

  route(app, 'findUsers', ({ query }) => accounts.findUsers({ ...query, limit: query.limit ?? 50 }))
  route(app, 'getOtherUser', async ({ params }) => ({ user: await accounts.getUser(params.userId) }))
}
