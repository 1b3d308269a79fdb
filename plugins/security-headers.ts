import helmet from '@fastify/helmet'
import fp from 'fastify-plugin'
import type { Config } from './config.ts'

/** What a browser is told to refuse: pages of ours load nothing from elsewhere, run no inline script, and are framed by nobody. */
export const securityHeadersPlugin = fp(async (app) => {
  const { config } = app
  const isTls = config.PUBLIC_URL?.startsWith('https:') ?? false
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        connectSrc: ["'self'", ...socketOrigins(config)],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"]
      }
    },
    strictTransportSecurity: isTls && { maxAge: 365 * 86400, includeSubDomains: false },
    xFrameOptions: { action: 'deny' }
  })

  // What the API says is about whoever asks: no cache keeps it, and no back button shows it to the next one.
  app.addHook('onRequest', async (request, reply) => {
    if (request.url.startsWith('/api/')) reply.header('cache-control', 'no-store')
  })
}, { name: 'security-headers', dependencies: ['config'] })

/** Older browsers do not count a websocket of the same host as 'self'. */
function socketOrigins ({ PUBLIC_URL }: Config): string[] {
  return PUBLIC_URL === undefined ? [] : [new URL(PUBLIC_URL).origin.replace(/^http/, 'ws')]
}
