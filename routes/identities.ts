import type { FastifyInstance } from 'fastify'
import { audit } from './audit.ts'
import { route } from './route.ts'

/** The ways to sign in: what there are, and what I have of them. */
export async function identityRoutes (app: FastifyInstance): Promise<void> {
  const { identities } = app.domain
  const { MAIL_URL, MAIL_WEBHOOK_URL } = app.config

  route(app, 'listMethods', async () => ({
    password: true,
    recovery: (MAIL_URL ?? MAIL_WEBHOOK_URL) !== undefined,
    oidc: app.oidc ? { name: app.oidc.name } : null
  }))

  route(app, 'listIdentities', ({ actor }) => identities.list(actor))

  route(app, 'removeIdentity', async ({ actor, params, request }) => {
    await identities.remove(actor, params.identityId)
    audit(app, request, 'an identity was removed', actor.userId)
    return null
  })
}
