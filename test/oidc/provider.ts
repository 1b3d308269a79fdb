import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { default as OidcProvider, JWK } from 'oidc-provider'
import type { Ending } from '../helpers/stores.ts'

const clientId = 'parley'
const clientSecret = 'a secret between the two servers'
export const publicUrl = 'https://parley.example'

/** What a provider knows of somebody. */
export type Profile = Record<string, unknown>

type Handler = (request: IncomingMessage, response: ServerResponse) => void

/** A real provider of OpenID Connect, where anybody signs in by saying who they are. */
export interface TestProvider {
  issuer: string
  /** The settings of a node that people sign in to with this provider. */
  settings: Record<string, string>
  /** By subject. Whoever is not here has no claims but the subject. */
  people: Map<string, Profile>
  /** In place of what the provider answers at these paths. */
  faults: Map<string, Handler>
  /** Paths that were asked for, in order. */
  asked: string[]
  /** Its keys are replaced by new ones. */
  rotate: () => Promise<void>
  /** An ID token as it could be its own. */
  sign: (claims: Record<string, unknown>, options?: { key?: KeyObject, algorithm?: string }) => string
  /** Goes away; with its port, which nobody else gets meanwhile as far as we can help it. */
  stop: () => Promise<void>
  /** Is back at the same place. */
  start: () => Promise<void>
}

interface SigningKey {
  kid: string
  key: KeyObject
  jwk: JWK
}

function makeKey (): SigningKey {
  const { privateKey: key } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const kid = crypto.randomUUID()
  return { kid, key, jwk: { ...key.export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' } }
}

/** It has something to say about the version of Node and about itself, which is no result of a test. */
async function quietly<T> (work: () => T | Promise<T>): Promise<T> {
  const { info, warn } = console
  Object.assign(console, { info () {}, warn () {} })
  try {
    return await work()
  } finally {
    Object.assign(console, { info, warn })
  }
}

async function makeProvider (issuer: string, people: Map<string, Profile>, { jwk }: SigningKey): Promise<OidcProvider> {
  return await quietly(async () => {
    const { Provider } = await import('oidc-provider')
    const provider: OidcProvider = new Provider(issuer, {
      clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [`${publicUrl}/api/auth/oidc/callback`] }],
      jwks: { keys: [jwk] },
      cookies: { keys: ['only for tests'] },
      claims: { openid: ['sub'], profile: ['name', 'preferred_username'], email: ['email', 'email_verified'] },
      pkce: { required: () => true },
      features: { devInteractions: { enabled: false } },
      interactions: { url: (_, { uid }) => `/interaction/${uid}` },
      findAccount: (_, accountId) => ({ accountId, claims: () => ({ sub: accountId, ...people.get(accountId) }) }),
      async loadExistingGrant ({ oidc }) {
        const grant = new provider.Grant({ clientId, ...(oidc.session?.accountId && { accountId: oidc.session.accountId }) })
        grant.addOIDCScope('openid profile email')
        await grant.save()
        return grant
      }
    })
    return provider
  })
}

function listen (server: Server, port: number): Promise<unknown> {
  const listening = once(server, 'listening')
  server.listen(port, '127.0.0.1')
  return listening
}

async function close (server: Server): Promise<void> {
  if (!server.listening) return
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}

/** Starts a provider on a free port of 127.0.0.1; it is stopped when the test ends. */
export async function startProvider (t: Ending): Promise<TestProvider> {
  const people = new Map<string, Profile>()
  const faults = new Map<string, Handler>()
  const asked: string[] = []
  let signing = makeKey()
  let provider: OidcProvider | undefined

  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
    asked.push(pathname)
    const fault = faults.get(pathname)
    if (fault) return fault(request, response)
    if (!pathname.startsWith('/interaction/')) {
      void provider?.callback()(request, response)
      return
    }
    const accountId = searchParams.get('as')
    const outcome = accountId === null ? { error: 'access_denied', error_description: 'no, thanks' } : { login: { accountId } }
    void provider?.interactionFinished(request, response, outcome)
  })
  await listen(server, 0)
  t.teardown(() => close(server))
  const { port } = server.address() as AddressInfo
  const issuer = `http://127.0.0.1:${port}`
  provider = await makeProvider(issuer, people, signing)

  return {
    issuer,
    settings: { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret, PUBLIC_URL: publicUrl },
    people,
    faults,
    asked,
    async rotate () {
      signing = makeKey()
      provider = await makeProvider(issuer, people, signing)
    },
    sign: (claims, { key = signing.key, algorithm = 'RS256' } = {}) => {
      const at = Math.floor(Date.now() / 1000)
      const parts = [{ alg: algorithm, kid: signing.kid }, { iss: issuer, aud: clientId, iat: at, exp: at + 60, ...claims }]
      const text = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
      return `${text}.${algorithm === 'none' ? '' : createSign('RSA-SHA256').update(text).sign(key, 'base64url')}`
    },
    stop: () => close(server),
    start: async () => { await listen(server, port) }
  }
}

/** As a handler of `faults`. */
export function answerJson (status: number, body: unknown): Handler {
  return (_request, response) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
