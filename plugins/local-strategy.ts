import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { Strategy } from 'passport-local'

/** Signing in with a username and a password. */
export const localStrategyPlugin = fp(async (app) => {
  const { accounts } = app.domain
  app.passport.use(new Strategy({ passReqToCallback: true }, (request: unknown, username, password, done) => {
    // Not Express's, as the types have it.
    const address = app.addressOf((request as FastifyRequest).raw)
    app.loginAttempts.guard({ username, address }, () => accounts.verifyCredentials(username, password))
      .then((verified) => done(null, verified ?? false), done)
  }))
}, { name: 'local-strategy', dependencies: ['passport', 'domain', 'login-attempts', 'client-address'] })
