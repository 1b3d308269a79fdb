import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { ContractError } from '../contract/index.ts'
import { isDatabaseUnavailable } from '../db/failures.ts'
import { isRedisUnavailable } from '../domain/failures.ts'

/** How long it is not said again that a store is away. */
const quietMs = 5000

/** Spread, so that not everybody comes back at once. */
const minRetryMs = 500

/** What Fastify itself refuses, in the contract's words. */
const refusals: Record<string, ContractError> = {
  FST_ERR_CTP_BODY_TOO_LARGE: new ContractError('request.too_large'),
  FST_ERR_CTP_INVALID_JSON_BODY: new ContractError('request.invalid', { message: 'The body is not valid JSON.' }),
  FST_ERR_CTP_EMPTY_JSON_BODY: new ContractError('request.invalid', { message: 'The body is empty; this call expects JSON.' }),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: new ContractError('request.invalid', { message: 'The body must be application/json.' }),
  FST_ERR_BAD_URL: new ContractError('request.invalid', { message: 'The URL is not well-formed.' }),
  FST_ERR_MAX_PARAM_LENGTH: new ContractError('request.invalid', { message: 'A part of the path is too long.' }),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: new ContractError('request.invalid', { message: 'The length of the body is not what was announced.' })
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Any failure as one the contract knows; what is not a client's fault is logged here, once. */
    toContractError: (error: unknown, log?: FailureLog) => ContractError
  }
}

export interface FailureLog {
  error: (fields: object, message: string) => void
  warn: (fields: object, message: string) => void
}

/** One place where failures become answers, for REST and for acks. */
export const errorsPlugin = fp(async (app) => {
  const warnedAt = new Map<string, number>()

  /** While a store is away every request meets it: one line in a while says so. */
  function warnOfStore (store: string, error: unknown, log: FailureLog): void {
    if (Date.now() - (warnedAt.get(store) ?? 0) < quietMs) return
    warnedAt.set(store, Date.now())
    log.warn({ err: error, store }, `${store} is unavailable; while it is, this is said only now and then`)
  }

  app.decorate('toContractError', (error: unknown, log: FailureLog = app.log): ContractError => {
    if (error instanceof ContractError) return error
    const refusal = refusals[(error as FastifyError | undefined)?.code ?? '']
    if (refusal) return refusal
    if (isBadRequest(error)) return new ContractError('request.invalid', { cause: error })
    const store = storeAway(error)
    if (store) {
      warnOfStore(store, error, log)
      return new ContractError('server.unavailable', { cause: error, retryAfterMs: minRetryMs + Math.floor(Math.random() * minRetryMs) })
    }
    log.error({ err: error }, 'a request failed')
    return new ContractError('server.error', { cause: error })
  })

  app.setErrorHandler(async (error, request, reply) => {
    const known = app.toContractError(error, request.log)
    if (known.retryAfterMs !== undefined) reply.header('retry-after', Math.ceil(known.retryAfterMs / 1000))
    return reply.status(known.status).type('application/json; charset=utf-8').serializer(JSON.stringify).send(known.toAnswer())
  })

  app.setNotFoundHandler(async () => { throw new ContractError('route.not_found') })
}, { name: 'errors' })

/** What the router refuses, before any handler of errors is known. */
export function refuseUrl (error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void {
  const known = refusals[error.code] ?? new ContractError('server.error')
  void reply.status(known.status).send(known.toAnswer())
}

/** Which store could not be asked; nothing when the failure is another. */
function storeAway (error: unknown): 'Postgres' | 'Redis' | undefined {
  // First: what is said of a connection may look like Postgres's as well.
  if (isRedisUnavailable(error)) return 'Redis'
  if (isDatabaseUnavailable(error)) return 'Postgres'
}

/** What the HTTP layer below refuses: a malformed URL, say. */
function isBadRequest (error: unknown): boolean {
  const status = (error as FastifyError | undefined)?.statusCode
  return status !== undefined && status >= 400 && status < 500
}
