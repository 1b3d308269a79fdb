import type { FastifyInstance } from 'fastify'
import { route } from './route.ts'

export async function userRoutes (app: FastifyInstance): Promise<void> {
  const { accounts } = app.domain

  route(app, 'findUsers', ({ query }) => accounts.findUsers(query))

  route(app, 'getOtherUser', async ({ params }) => ({ user: await accounts.getUser(params.userId) }))
}
