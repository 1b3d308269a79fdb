import type { FastifyInstance, FastifyRequest } from 'fastify'

/** Whoever has come by a session shall not find out the password with it: a wrong one counts like one at login. */
export async function guardPassword<T> (app: FastifyInstance, request: FastifyRequest, currentPassword: string | undefined, work: () => Promise<T>): Promise<T> {
  if (currentPassword === undefined) return await work()
  const { username } = await app.domain.accounts.get(app.requireActor(request))
  return await app.loginAttempts.guard({ username, address: app.addressOf(request.raw) }, work)
}
