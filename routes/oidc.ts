import type { FastifyInstance, FastifyRequest } from 'fastify'
import { ContractError } from '../contract/index.ts'
import type { LiveSession } from '../domain/session.ts'
import { audit } from './audit.ts'
import { guardPassword } from './guard-password.ts'
import { route } from './route.ts'

/** Signing in with the identity provider, and linking an identity: there, and back. */
export async function oidcRoutes (app: FastifyInstance): Promise<void> {
  function requireOidc () {
    if (!app.oidc) throw new ContractError('feature.disabled', { message: 'This server has no identity provider to sign in with.' })
    return app.oidc
  }

  route(app, 'beginOidc', ({ query, request, reply }) => requireOidc().begin(request, reply, { returnTo: query.returnTo ?? '/' }))

  route(app, 'linkOidc', async ({ actor, body, request, reply }) => {
    const { createdAt: signedInAt } = app.requireSession(request)
    const currentPassword = body?.currentPassword
    const oidc = requireOidc()
    await guardPassword(app, request, currentPassword, async () => {
      await app.domain.accounts.prove(actor, { currentPassword, signedInAt, from: app.networkOf(request.raw) })
    })
    const link = { userId: actor.userId, sessionId: actor.sessionId }
    return { url: await oidc.begin(request, reply, { returnTo: body?.returnTo ?? '/', link }) }
  })

  /** The very session in which the linking began: nobody else's identity gets into it, and it gets into nobody else's. */
  function requireSameSession (request: FastifyRequest, { userId, sessionId }: { userId: string, sessionId: string }): LiveSession {
    const session = app.requireSession(request)
    if (session.userId === userId && session.id === sessionId) return session
    throw new ContractError('session.required', { message: 'This was begun in another session: begin again.' })
  }

  await app.register(async (scope) => {
    scope.setChildLoggerFactory((logger, bindings, options) => logger.child(bindings, { ...options, serializers: { req: withoutQuery } }))
    // What was begun ends here, however it ends; only what was kept from ending can be tried again.
    scope.addHook('onSend', async (_request, reply) => {
      if (![429, 503].includes(reply.statusCode)) app.oidc?.forgetFlow(reply)
    })
    route(scope, 'finishOidc', async ({ request, reply }) => {
      const oidc = requireOidc()
      const { returnTo, link } = oidc.readFlow(request)
      if (link) {
        const session = requireSameSession(request, link)
        await app.domain.identities.link(session, await oidc.prove(request))
        audit(app, request, 'an identity was linked', session.userId)
      } else {
        await app.signIn('oidc', request, reply)
      }
      return returnTo
    })
  })
}

/** As other requests are logged, but for the query: a callback's has a code in it, which is for nobody to read. */
function withoutQuery ({ method, url, host, ip, socket }: FastifyRequest) {
  return { method, url: url.replace(/\?.*/s, ''), host, remoteAddress: ip, remotePort: socket.remotePort }
}
