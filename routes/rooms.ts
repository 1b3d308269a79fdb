import type { FastifyInstance } from 'fastify'
import { route } from './route.ts'

/** Rooms: making, finding, changing and deleting them, and how far one has read. */
export async function roomRoutes (app: FastifyInstance): Promise<void> {
  const { rooms, members, history } = app.domain

  route(app, 'makeRoom', async ({ actor, body }) => ({ room: await rooms.make(actor, body) }))
  route(app, 'listRooms', ({ actor, query }) => rooms.listMine(actor, { ...query, limit: query.limit ?? 100 }))
  route(app, 'listDirectory', ({ query }) => rooms.listDirectory({ ...query, limit: query.limit ?? 50 }))
  route(app, 'openDirectRoom', async ({ actor, body, reply }) => {
    const { room, isNew } = await rooms.openDirect(actor, body.userId)
    reply.status(isNew ? 201 : 200)
    return { room }
  })
  route(app, 'getRoom', async ({ actor, params }) => ({ room: await rooms.get(actor, params.roomId) }))
  route(app, 'changeRoom', async ({ actor, params, body }) => ({ room: await rooms.change(actor, params.roomId, body) }))
  route(app, 'deleteRoom', async ({ actor, params }) => {
    await rooms.delete(actor, params.roomId)
    return null
  })
  route(app, 'readEvents', ({ actor, params, query }) => history.page(actor, params.roomId, {
    after: query.after ?? 0, limit: query.limit ?? 100
  }))
  route(app, 'markRead', ({ actor, params, body }) => members.markRead(actor, params.roomId, body.seq))
}
