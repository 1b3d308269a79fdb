import type { FastifyInstance } from 'fastify'
import { route } from './route.ts'

/** Who is in a room. */
export async function memberRoutes (app: FastifyInstance): Promise<void> {
  const { members } = app.domain

  route(app, 'listMembers', ({ actor, params, query }) => members.list(actor, params.roomId, { ...query, limit: query.limit ?? 100 }))
  route(app, 'putMember', async ({ actor, params, body }) => ({
    member: await members.put(actor, params.roomId, params.userId, body?.role)
  }))
  route(app, 'removeMember', async ({ actor, params }) => {
    await members.remove(actor, params.roomId, params.userId)
    return null
  })
}
