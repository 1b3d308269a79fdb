import type { IncomingMessage } from 'node:http'
import type { FastifyBaseLogger } from 'fastify'
import fp from 'fastify-plugin'
import { ContractError } from '../contract/index.ts'
import type { Config } from './config.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Whether a page of the request's origin may act here; for handshakes too. Without an Origin it is no browser's. */
    isAllowedOrigin: (request: IncomingMessage) => boolean
    /** The same, for whoever must refuse it. @throws `origin.refused`, having logged what would allow it. */
    requireAllowedOrigin: (request: IncomingMessage, log?: FastifyBaseLogger) => void
    /** The origins beside the one a request came to: PUBLIC_URL's and ORIGINS. */
    allowedOrigins: string[]
  }
}

const unsafe = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])

const corsHeaders = {
  'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE',
  'access-control-allow-headers': 'content-type',
  'access-control-max-age': '600'
}

/** Who may call from a page of theirs: no cookie works for a page that is not known here. */
export const originsPlugin = fp(async (app) => {
  const listed = listOrigins(app.config)

  app.decorate('allowedOrigins', [...listed])
  app.decorate('isAllowedOrigin', (request) => {
    const { origin } = request.headers
    return origin === undefined || listed.has(origin) || origin === originOf(request, app.isTrustedProxy)
  })

  app.decorate('requireAllowedOrigin', (request, log = app.log) => {
    if (app.isAllowedOrigin(request)) return
    const { origin } = request.headers
    log.warn({ origin, method: request.method, url: request.url },
      `a page of ${origin} may not call; if it should, add ${origin} to ORIGINS, or set PUBLIC_URL if it is Parley's own`)
    throw new ContractError('origin.refused')
  })

  app.addHook('onRequest', async (request, reply) => {
    const { origin } = request.headers
    if (origin === undefined) return
    const isPreflight = request.method === 'OPTIONS' && 'access-control-request-method' in request.headers
    reply.header('vary', 'Origin')
    if (listed.has(origin)) {
      reply.header('access-control-allow-origin', origin).header('access-control-allow-credentials', 'true')
      if (isPreflight) return await reply.status(204).headers(corsHeaders).send()
    }
    if (unsafe.has(request.method) || isPreflight) {
      app.requireAllowedOrigin(request.raw, request.log)
    }
  })
}, { name: 'origins', dependencies: ['config', 'errors', 'client-address'] })

function listOrigins ({ PUBLIC_URL, ORIGINS }: Config): Set<string> {
  return new Set([...ORIGINS, ...(PUBLIC_URL === undefined ? [] : [PUBLIC_URL])].map((url) => new URL(url).origin))
}

function parseOrigin (url: string): string | null {
  const parsed = URL.canParse(url) ? new URL(url) : null
  return parsed && /^https?:$/.test(parsed.protocol) ? parsed.origin : null
}

/** The origin that the client spoke to, as far as we can know: what a proxy says counts only if it is trusted. */
function originOf ({ headers, socket }: IncomingMessage, isTrusted: (address: string, hop: number) => boolean): string | null {
  const forwarded = socket.remoteAddress !== undefined && isTrusted(socket.remoteAddress, 0)
  const host = (forwarded && lastOf(headers['x-forwarded-host'])) || headers.host
  const protocol = (forwarded && lastOf(headers['x-forwarded-proto'])) || ('encrypted' in socket ? 'https' : 'http')
  return host === undefined ? null : parseOrigin(`${protocol}://${host}`)
}

/** What the nearest proxy added. */
function lastOf (header: string | string[] | undefined): string | undefined {
  return header?.toString().split(',').at(-1)?.trim()
}
