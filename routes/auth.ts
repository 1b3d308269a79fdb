import type { FastifyInstance } from 'fastify'
import { toSession } from '../domain/session.ts'
import { audit } from './audit.ts'
import { guardPassword } from './guard-password.ts'
import { route } from './route.ts'

/** My account, and my devices. */
export async function authRoutes (app: FastifyInstance): Promise<void> {
  const { accounts, sessions } = app.domain

  route(app, 'login', async ({ request, reply }) => {
    const { account, session } = await app.signIn('local', request, reply)
    return { user: account, session: toSession(session, true) }
  })

  await app.register(async (scope) => {
    // A cookie without a session goes as well; one whose session could not be asked for stays, to try again with.
    scope.addHook('onSend', async (request, reply) => {
      if ([204, 401].includes(reply.statusCode)) app.forgetSession(request, reply)
    })
    route(scope, 'logout', async ({ request }) => {
      await sessions.logout(app.requireSession(request))
      return null
    })
  })

  route(app, 'getUser', async ({ actor, request }) => ({
    user: await accounts.get(actor),
    session: toSession(app.requireSession(request), true)
  }))

  route(app, 'changeUser', async ({ actor, body, request }) => {
    const at = { signedInAt: app.requireSession(request).createdAt, from: app.networkOf(request.raw) }
    const before = await accounts.get(actor)
    const user = await guardPassword(app, request, body.currentPassword, () => accounts.change(actor, body, at))
    if (body.password !== undefined) audit(app, request, 'a password was changed', user.id)
    if (user.email !== before.email) audit(app, request, 'an email was changed', user.id)
    return { user }
  })

  route(app, 'listSessions', async ({ actor }) => ({ sessions: await sessions.list(actor) }))

  route(app, 'endSession', async ({ actor, params, request, reply }) => {
    await sessions.end(actor, params.sessionId)
    if (params.sessionId === actor.sessionId) app.forgetSession(request, reply)
    return null
  })

  route(app, 'endOtherSessions', async ({ actor, request }) => {
    await sessions.signOutOthers(actor)
    audit(app, request, 'all other sessions were ended', actor.userId)
    return null
  })
}
