import fp from 'fastify-plugin'
import { createLoginAttempts, type LoginAttempts } from './login-attempts/attempts.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Everything that tells whether a password is right is asked through this. */
    loginAttempts: LoginAttempts
  }
}

/** Nobody tries passwords one after another. */
export const loginAttemptsPlugin = fp(async (app) => {
  app.decorate('loginAttempts', createLoginAttempts({
    redis: app.redis,
    perAccount: app.rates.loginFailures,
    perAddress: app.rates.addressLoginFailures,
    perNetwork: app.rates.networkLoginFailures,
    perAccountAnywhere: app.rates.accountLoginFailures,
    mostWaiting: app.rates.waitingLogins,
    onKept: (error) => { app.log.warn({ err: error }, 'a right password stays counted as a wrong one until the window ends') }
  }))
}, { name: 'login-attempts', dependencies: ['rates', 'redis'] })
