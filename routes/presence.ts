import type { FastifyInstance } from 'fastify'
import { commands } from '../contract/index.ts'
import { route } from './route.ts'

/** Who is online: of these people, or of a room; and on which nodes. */
export async function presenceRoutes (app: FastifyInstance): Promise<void> {
  // A query cannot say "list of ids"; what a socket may watch can.
  const checkUserIds = app.compileValidator(commands['presence:watch'].payload)

  route(app, 'getPresence', async ({ actor, query }) => {
    const { userIds } = checkUserIds({ userIds: query.userIds.split(',') })
    return { users: await app.presence.see(actor.userId, [...new Set(userIds)]) }
  })
  route(app, 'listNodes', async () => ({ nodes: await app.presence.nodes() }))
  route(app, 'getRoomPresence', ({ actor, params }) => app.presence.seeRoom(actor.userId, params.roomId))
}
