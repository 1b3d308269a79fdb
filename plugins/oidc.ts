import { Strategy } from '@fastify/passport'
import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { ContractError } from '../contract/index.ts'
import type { Verified } from '../domain/accounts.ts'
import type { ProvenIdentity } from '../domain/identities.ts'
import { discoveryFailure, flowFailure, type ProviderFailure } from './oidc/failures.ts'
import { FlowSeal, type Flow } from './oidc/flow.ts'
import { begin, createDiscovery, finish } from './oidc/provider.ts'
import { oidcPath, type OidcSettings } from './oidc/settings.ts'
import { cookieOptions } from './sessions.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Signing in with an identity provider; absent where none is set up. `signIn('oidc', …)` finishes what this begins. */
    oidc?: Oidc
  }
}

export interface Oidc {
  /** What people know the provider as. */
  name: string
  /**
   * Begins a sign-in, or with `link` the linking of an identity in a session. The reply carries what the callback needs.
   *
   * @returns where the browser goes.
   * @throws `server.unavailable` while the provider is away.
   */
  begin: (request: FastifyRequest, reply: FastifyReply, what: Pick<Flow, 'returnTo' | 'link'>) => Promise<string>
  /** What this browser has begun. @throws `session.invalid_credentials` when it has begun nothing, or too long ago. */
  readFlow: (request: FastifyRequest) => Flow
  /** Ends what this browser has begun. */
  forgetFlow: (reply: FastifyReply) => void
  /** Who came back from the provider. @throws `session.invalid_credentials`, or `server.unavailable` while it is away. */
  prove: (request: FastifyRequest) => Promise<ProvenIdentity>
}

const cookieName = 'oidc'
const flowSeconds = 600

/** Signing in with an identity provider, by OpenID Connect: authorization code, PKCE, state and nonce. */
export const oidcPlugin = fp<{ settings: OidcSettings }>(async (app, { settings }) => {
  const seal = new FlowSeal(app.config.SESSION_SECRETS)
  const discover = createDiscovery(settings)
  const cookie = { ...cookieOptions(app.config), path: oidcPath }

  /** What fails is the provider or what it was asked: said once, in words that give nothing of it away. */
  async function attempt<T> ({ log }: FastifyRequest, work: () => Promise<T>, explain: (error: unknown) => ProviderFailure): Promise<T> {
    try {
      return await work()
    } catch (error) {
      const { answer, level, reason } = explain(error)
      log[level]({ issuer: settings.issuer, reason }, 'signing in with the identity provider failed')
      throw answer
    }
  }

  const oidc: Oidc = {
    name: settings.name,

    async begin (request, reply, what) {
      const provider = await attempt(request, discover, discoveryFailure)
      const { url, ...secrets } = await begin(provider, settings)
      const flow = seal.seal({ ...secrets, ...what, expiresAt: Date.now() + flowSeconds * 1000 })
      reply.setCookie(cookieName, flow, { ...cookie, maxAge: flowSeconds })
      return url
    },

    readFlow (request) {
      const flow = seal.open(request.cookies[cookieName] ?? '')
      if (flow && flow.expiresAt > Date.now()) return flow
      throw new ContractError('session.invalid_credentials', { message: 'This sign-in was not begun in this browser, or too long ago: begin again.' })
    },

    forgetFlow (reply) {
      reply.clearCookie(cookieName, cookie)
    },

    async prove (request) {
      const flow = oidc.readFlow(request)
      const callbackUrl = new URL(settings.redirectUri)
      callbackUrl.search = new URL(request.url, settings.redirectUri).search
      const provider = await attempt(request, discover, discoveryFailure)
      return await attempt(request, () => finish(provider, callbackUrl, flow), flowFailure)
    }
  }
  app.decorate('oidc', oidc)
  app.passport.use('oidc', new OidcStrategy(async (request) => app.domain.identities.enter(await oidc.prove(request))))
}, { name: 'oidc', dependencies: ['passport', 'domain', 'sessions'] })

/** For Passport: the second half, when the browser is back. */
class OidcStrategy extends Strategy {
  // Not `#enter`: Passport works on objects that only inherit from this one.
  private readonly enter: (request: FastifyRequest) => Promise<Verified>

  constructor (enter: (request: FastifyRequest) => Promise<Verified>) {
    super('oidc')
    this.enter = enter
  }

  override async authenticate (request: FastifyRequest): Promise<void> {
    this.success(await this.enter(request))
  }
}
