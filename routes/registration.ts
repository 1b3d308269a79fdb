import type { FastifyInstance } from 'fastify'
import { route } from './route.ts'

/** What needs no session, and does not look for one. */
export async function registrationRoutes (app: FastifyInstance): Promise<void> {
  route(app, 'register', async ({ body, request }) => ({
    user: await app.domain.accounts.register(body, app.networkOf(request.raw))
  }))
}
