import type { FastifyInstance } from 'fastify'
import { route } from './route.ts'

/** Messages: the same verbs as the commands of a socket. */
export async function messageRoutes (app: FastifyInstance): Promise<void> {
  const { messages } = app.domain

  route(app, 'listMessages', ({ actor, params, query }) => messages.list(actor, params.roomId, { ...query, limit: query.limit ?? 50 }))
  route(app, 'sendMessage', async ({ actor, params, body, reply }) => {
    const { message, isRepeat } = await messages.send(actor, { ...params, ...body })
    reply.status(isRepeat ? 200 : 201)
    return { message }
  })
  route(app, 'editMessage', async ({ actor, params, body }) => {
    const { event } = await messages.edit(actor, { ...params, ...body })
    return { event, message: await messages.readMessage(actor, params.roomId, params.seq) }
  })
  route(app, 'deleteMessage', async ({ actor, params, body }) => {
    const { event } = await messages.delete(actor, { ...params, ...body })
    return { event, message: await messages.readMessage(actor, params.roomId, params.seq) }
  })
}
