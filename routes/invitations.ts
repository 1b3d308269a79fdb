import type { FastifyInstance, FastifyRequest } from 'fastify'
import { route } from './route.ts'

const week = 7 * 86_400

/** Links into rooms. */
export async function invitationRoutes (app: FastifyInstance): Promise<void> {
  const { invitations } = app.domain

  route(app, 'makeInvitation', ({ actor, params, body }) => invitations.make(actor, params.roomId, {
    ...body, expiresInSeconds: body?.expiresInSeconds ?? week
  }))
  route(app, 'listInvitations', async ({ actor, params }) => ({ invitations: await invitations.list(actor, params.roomId) }))
  route(app, 'revokeInvitation', async ({ actor, params }) => {
    await invitations.revoke(actor, params.roomId, params.invitationId)
    return null
  })

  await app.register(async (scope) => {
    scope.setChildLoggerFactory((logger, bindings, options) => logger.child(bindings, { ...options, serializers: { req: withoutToken } }))
    route(scope, 'getInvitation', ({ actor, params }) => invitations.look(actor, params.token))
    route(scope, 'acceptInvitation', ({ actor, params }) => invitations.accept(actor, params.token))
  })
}

/** As other requests are logged, but for the token: whoever reads the log is not invited. */
function withoutToken ({ method, url, host, ip, socket }: FastifyRequest) {
  return { method, url: url.replace(/(\/invitations\/)[^/?]+/, '$1…'), host, remoteAddress: ip, remotePort: socket.remotePort }
}
