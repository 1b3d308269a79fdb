import type { FastifyInstance } from 'fastify'
import { route } from './route.ts'

/** Who may not come in, and who may not speak. */
export async function moderationRoutes (app: FastifyInstance): Promise<void> {
  const { moderation } = app.domain

  route(app, 'listBans', ({ actor, params, query }) => moderation.listBans(actor, params.roomId, { ...query, limit: query.limit ?? 100 }))
  route(app, 'banUser', async ({ actor, params, body }) => ({
    ban: await moderation.ban(actor, params.roomId, params.userId, body?.reason)
  }))
  route(app, 'liftBan', async ({ actor, params }) => {
    await moderation.liftBan(actor, params.roomId, params.userId)
    return null
  })
  route(app, 'muteMember', async ({ actor, params, body }) => ({
    member: await moderation.mute(actor, params.roomId, params.userId, body?.until)
  }))
  route(app, 'liftMute', async ({ actor, params }) => ({
    member: await moderation.liftMute(actor, params.roomId, params.userId)
  }))
}
