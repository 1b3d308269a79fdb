import { isIP } from 'node:net'
import { Authenticator } from '@fastify/passport'
import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { ContractError } from '../contract/index.ts'
import type { Verified } from '../domain/accounts.ts'
import type { LiveSession } from '../domain/session.ts'
import { cookieOptions } from './sessions.ts'
import { endOf } from './sessions/data.ts'

declare module 'fastify' {
  interface PassportUser {
    account: Verified['account']
    generation: Verified['generation']
  }

  interface FastifyInstance {
    /** Where a strategy is added: `passport.use(strategy)`; it succeeds with a `Verified`. */
    passport: InstanceType<typeof Authenticator>
    /**
     * Lets a strategy find out who asks, and begins a session for them under a new id. One that the request came with ends.
     *
     * @throws `session.invalid_credentials` when the strategy says no.
     */
    signIn: (strategy: string, request: FastifyRequest, reply: FastifyReply) => Promise<SignedIn>
  }
}

export interface SignedIn extends Verified {
  session: LiveSession
}

/** Ways to sign in. Passport's own session strategy is not used: it signs out whoever it fails to load. */
export const passportPlugin = fp(async (app) => {
  const passport = new Authenticator()
  passport.registerUserSerializer(async ({ account }: Verified) => account.id)
  await app.register(passport.initialize())

  async function verify (strategy: string, request: FastifyRequest, reply: FastifyReply): Promise<Verified> {
    const found: Verified[] = []
    const attempt = passport.authenticate(strategy, async (_request, _reply, error, verified) => {
      if (error) throw error
      if (verified) found.push(verified as Verified)
    })
    await attempt.call(app, request, reply)
    const [verified] = found
    if (!verified) throw new ContractError('session.invalid_credentials')
    return verified
  }

  let isWarned = false
  /** The cookie is sent all the same: a proxy that we do not know may have ended TLS. */
  function warnOfPlainHttp (request: FastifyRequest): void {
    if (isWarned || !cookieOptions(app.config).secure || request.protocol === 'https') return
    isWarned = true
    request.log.warn('somebody signs in over plain HTTP, as far as this node can tell: browsers drop the Secure cookie unless ' +
      'TLS ends at a proxy before it; if one does, name it in TRUST_PROXY')
  }

  async function begin (request: FastifyRequest, verified: Verified): Promise<LiveSession> {
    await request.logIn(verified) // Now it has a new sid.
    const { session } = request
    const live = await app.domain.sessions.begin({
      sid: session.sessionId,
      userId: verified.account.id,
      generation: verified.generation,
      ip: toAddress(request.ip),
      userAgent: request.headers['user-agent'] ?? null
    })
    const { sid: _, ...record } = live
    session.record = record
    session.options({ expires: endOf(record, app.sessionLifetimes) })
    await session.save()
    return live
  }

  app.decorate('passport', passport)
  app.decorate('signIn', async (strategy, request, reply) => {
    const verified = await verify(strategy, request, reply)
    if (request.liveSession) await app.domain.sessions.logout(request.liveSession)
    warnOfPlainHttp(request)
    const session = await begin(request, verified)
    return { ...verified, session }
  })
}, { name: 'passport', dependencies: ['request-sessions', 'domain'] })

/** A proxy may pass on what is no address at all. */
function toAddress (ip: string): string | null {
  const address = ip.replace(/^::ffff:/, '')
  return isIP(address) === 0 ? null : address
}
