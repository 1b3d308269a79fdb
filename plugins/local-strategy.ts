import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { Strategy } from 'passport-local'

/** Signing in with a username and a password. */
export const localStrategyPlugin = fp(async (app) => {
  const { accounts } = app.domain
  app.passport.use(new Strategy({ passReqToCallback: true }, (request: unknown, username, password, done) => {
    // Not Express's, as the types have it.
    const { raw } = request as FastifyRequest
    const attempt = { username, address: app.addressOf(raw) }
    app.loginAttempts.guard(attempt, async () => {
      const verified = await accounts.verifyCredentials(username, password, app.networkOf(raw))
      if (verified) await app.loginAttempts.remember(attempt)
      return verified
    }).then((verified) => done(null, verified ?? false), done)
  }))
}, { name: 'local-strategy', dependencies: ['passport', 'domain', 'login-attempts', 'client-address'] })
