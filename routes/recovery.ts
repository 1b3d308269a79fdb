import type { FastifyInstance } from 'fastify'
import { audit } from './audit.ts'
import { route } from './route.ts'

/** The way back in: who asks has no session, and none is looked for. */
export async function recoveryRoutes (app: FastifyInstance): Promise<void> {
  const { recovery } = app.domain

  route(app, 'requestRecovery', async ({ body }) => {
    await recovery.request(body)
    return null
  })

  route(app, 'confirmRecovery', async ({ body, request }) => {
    const account = await recovery.confirm(body.token, body.password, app.networkOf(request.raw))
    if (account) audit(app, request, 'a password was set by a recovery link', account.id)
    // The way in also while somebody tries passwords elsewhere; the new one is set, whether this succeeds or not.
    if (account) {
      await app.loginAttempts.remember({ username: account.username, address: app.addressOf(request.raw) })
        .catch((error: unknown) => { request.log.warn({ err: error }, 'it is not remembered where an account was recovered') })
    }
    return null
  })

  // From a mail one may come with any browser.
  route(app, 'confirmEmail', async ({ body }) => {
    await recovery.confirmEmail(body.token)
    return null
  })
}

/** What the owner of an email asks for. */
export async function emailRoutes (app: FastifyInstance): Promise<void> {
  route(app, 'requestVerification', async ({ actor }) => {
    await app.domain.recovery.requestVerification(actor)
    return null
  })
}
