import type { IncomingMessage } from 'node:http'
import { isIP, isIPv4 } from 'node:net'
import proxyAddr from '@fastify/proxy-addr'
import { normalizeIP } from '@fastify/rate-limit'
import fp from 'fastify-plugin'

declare module 'fastify' {
  interface FastifyInstance {
    /** Whether what this peer says of others is believed. */
    isTrustedProxy: (address: string, hop: number) => boolean
    /**
     * Whose address a request counts for: the client's, as far as trusted proxies tell it. Of IPv6 the network (/64) counts:
     * a single client has all the addresses in it.
     */
    addressOf: (request: IncomingMessage) => string
    /** The same as far as room is shared out: of IPv6 the site (/48), which anybody can have a whole one of. */
    networkOf: (request: IncomingMessage) => string
  }
}

/** The wider network of an address; of IPv4 it is the address. */
export function networkOf (address: string): string {
  return normalizeIP(address, 48)
}

const mapped = '::ffff:'

/** What most addresses are is found out first: to read one of IPv6 is dear, and every connection asks. */
function normalize (address: string): string {
  const last = address.startsWith(mapped) ? address.slice(mapped.length) : address
  return isIPv4(last) ? last : normalizeIP(address)
}

/** Where requests come from, for REST and handshakes alike. */
export const clientAddressPlugin = fp(async (app) => {
  const proxies = app.config.TRUST_PROXY.split(',').map((part) => part.trim()).filter((part) => part !== '')
  const isTrusted = proxyAddr.compile(proxies)

  let isWarned = proxies.length > 0
  function warnOfProxy ({ headers, socket }: IncomingMessage): void {
    if (isWarned || headers['x-forwarded-for'] === undefined) return
    isWarned = true
    app.log.warn({ peer: socket.remoteAddress }, 'a request says that a proxy passed it on, and no proxy is trusted: ' +
      'if one stands before this node, all clients behind it count as one address; name it in TRUST_PROXY')
  }

  app.decorate('isTrustedProxy', isTrusted)
  app.decorate('addressOf', (request) => {
    warnOfProxy(request)
    const peer = request.socket.remoteAddress ?? ''
    const address = proxies.length === 0 ? peer : proxyAddr(request, isTrusted)
    // A proxy may pass on what is no address at all.
    return normalize(isIP(address) === 0 ? peer : address)
  })
  app.decorate('networkOf', (request) => networkOf(app.addressOf(request)))
}, { name: 'client-address', dependencies: ['config'] })
