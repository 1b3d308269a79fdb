import fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import { limits } from './contract/index.ts'
import { bodiesPlugin } from './plugins/bodies.ts'
import { clientAddressPlugin } from './plugins/client-address.ts'
import { closingPlugin } from './plugins/closing.ts'
import { configPlugin, type Config } from './plugins/config.ts'
import { databasePlugin } from './plugins/database.ts'
import { domainPlugin } from './plugins/domain.ts'
import { errorsPlugin, refuseUrl } from './plugins/errors.ts'
import { filesPlugin } from './plugins/files.ts'
import { healthPlugin } from './plugins/health.ts'
import { oidcPlugin } from './plugins/oidc.ts'
import { openapiPlugin } from './plugins/openapi.ts'
import { localStrategyPlugin } from './plugins/local-strategy.ts'
import { loginAttemptsPlugin } from './plugins/login-attempts.ts'
import { mailPlugin } from './plugins/mail.ts'
import { metricsPlugin } from './plugins/metrics.ts'
import { originsPlugin } from './plugins/origins.ts'
import { passportPlugin } from './plugins/passport.ts'
import { rateLimitsPlugin } from './plugins/rate-limits.ts'
import { ratesPlugin } from './plugins/rates.ts'
import { redisPlugin } from './plugins/redis.ts'
import { requestSessionsPlugin } from './plugins/request-sessions.ts'
import { refuseConnection, rememberRequest } from './plugins/refused-connections.ts'
import { requestTimeouts, type RequestTimeouts } from './plugins/request-timeouts.ts'
import { securityHeadersPlugin } from './plugins/security-headers.ts'
import { serializationPlugin } from './plugins/serialization.ts'
import { sessionStorePlugin } from './plugins/session-store.ts'
import { sessionsPlugin } from './plugins/sessions.ts'
import { boundArrival } from './plugins/slow-requests.ts'
import { uploadsPlugin } from './plugins/uploads.ts'
import { validationPlugin } from './plugins/validation.ts'
import { webPlugin } from './plugins/web.ts'
import { realtimePlugin } from './realtime/plugin.ts'
import { presencePlugin } from './realtime/presence/plugin.ts'
import { attachmentRoutes } from './routes/attachments.ts'
import { authRoutes } from './routes/auth.ts'
import { identityRoutes } from './routes/identities.ts'
import { invitationRoutes } from './routes/invitations.ts'
import { memberRoutes } from './routes/members.ts'
import { messageRoutes } from './routes/messages.ts'
import { moderationRoutes } from './routes/moderation.ts'
import { oidcRoutes } from './routes/oidc.ts'
import { presenceRoutes } from './routes/presence.ts'
import { emailRoutes, recoveryRoutes } from './routes/recovery.ts'
import { registrationRoutes } from './routes/registration.ts'
import { roomRoutes } from './routes/rooms.ts'
import { searchRoutes } from './routes/search.ts'
import { userRoutes } from './routes/users.ts'

export { ConfigError, readConfig } from './plugins/config.ts'
export { serializeError } from './plugins/error-serializer.ts'

export interface AppOptions {
  config: Config
  /** Where to log; silent when left out. */
  logger?: FastifyBaseLogger
  /** How long requests may take to arrive. */
  timeouts?: RequestTimeouts
}

/** Builds a node of Parley: every capability, in the order in which they stand on each other. Opens no port. */
export async function buildApp ({ config, logger, timeouts = requestTimeouts }: AppOptions): Promise<FastifyInstance> {
  const app = fastify({
    ...(logger && { loggerInstance: logger }),
    // Long enough to bring a large schema up to date.
    pluginTimeout: 120_000,
    bodyLimit: limits.payloadBytes,
    // Most have less: see boundArrival.
    requestTimeout: timeouts.uploadMs + timeouts.headersMs,
    http: { headersTimeout: timeouts.headersMs, connectionsCheckingInterval: timeouts.checkMs },
    trustProxy: config.TRUST_PROXY || false,
    genReqId: () => crypto.randomUUID(),
    frameworkErrors: refuseUrl,
    clientErrorHandler: refuseConnection
  })
  app.server.on('request', rememberRequest)
  app.server.on('request', (request) => { boundArrival(request, timeouts.requestMs) })

  // What everything stands on
  await app.register(configPlugin, { config })
  await app.register(ratesPlugin)
  await app.register(closingPlugin)
  await app.register(metricsPlugin)
  await app.register(errorsPlugin)
  await app.register(securityHeadersPlugin)
  await app.register(bodiesPlugin)
  await app.register(validationPlugin)
  await app.register(serializationPlugin)
  await app.register(databasePlugin)
  await app.register(redisPlugin)
  await app.register(sessionStorePlugin)
  await app.register(healthPlugin)

  // The verbs
  await app.register(mailPlugin)
  await app.register(filesPlugin)
  await app.register(domainPlugin)

  // Who is asking
  await app.register(clientAddressPlugin)
  await app.register(originsPlugin)
  await app.register(sessionsPlugin)
  await app.register(loginAttemptsPlugin)

  // Sockets
  await app.register(presencePlugin)
  await app.register(realtimePlugin)

  // Pages
  await app.register(webPlugin)
  await app.register(openapiPlugin)

  // REST
  await app.register(rateLimitsPlugin)
  await app.register(registrationRoutes, { prefix: '/api' })
  await app.register(recoveryRoutes, { prefix: '/api' })
  await app.register(async (api) => {
    await api.register(requestSessionsPlugin)
    await api.register(passportPlugin)
    await api.register(localStrategyPlugin)
    if (config.OIDC) await api.register(oidcPlugin, { settings: config.OIDC })
    await api.register(authRoutes)
    await api.register(identityRoutes)
    await api.register(oidcRoutes)
    await api.register(emailRoutes)
    await api.register(userRoutes)
    await api.register(roomRoutes)
    await api.register(memberRoutes)
    await api.register(moderationRoutes)
    await api.register(invitationRoutes)
    await api.register(uploadsPlugin, { timeouts })
    await api.register(attachmentRoutes, { timeouts })
    await api.register(messageRoutes)
    await api.register(searchRoutes)
    await api.register(presenceRoutes)
  }, { prefix: '/api' })

  return app
}
