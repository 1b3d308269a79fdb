import * as client from 'openid-client'
import { ContractError } from '../../contract/index.ts'

/** A failure with the provider, as the person is told and as the operator reads it. */
export interface ProviderFailure {
  answer: ContractError
  level: 'info' | 'warn' | 'error'
  /** Nothing of what was exchanged: no code, token, claim or description. */
  reason: string
}

const retryMs = 2000

/** Why the provider could not be found. Whatever it is, it is nobody's fault who signs in. */
export function discoveryFailure (error: unknown): ProviderFailure {
  return unavailable(error, isAway(error) ? 'warn' : 'error')
}

/** Why somebody who came back from the provider is not signed in. */
export function flowFailure (error: unknown): ProviderFailure {
  if (isAway(error)) return unavailable(error, 'warn')
  if (error instanceof client.AuthorizationResponseError) {
    return error.error === 'access_denied'
      ? refused('The identity provider was told not to sign you in here.', 'info', error)
      : refused('The identity provider did not sign you in; begin again.', 'warn', error)
  }
  // It does not know us, or our secret: for the operator to mend.
  const isOurFault = statusOf(error) === 401 || (error instanceof client.ResponseBodyError && error.error !== 'invalid_grant')
  return refused('The identity provider did not confirm this sign-in; begin again.', isOurFault ? 'error' : 'warn', error)
}

function unavailable (error: unknown, level: ProviderFailure['level']): ProviderFailure {
  const message = 'The identity provider does not answer; try again shortly.'
  return { answer: new ContractError('server.unavailable', { message, retryAfterMs: retryMs }), level, reason: reasonOf(error) }
}

function refused (message: string, level: ProviderFailure['level'], error: unknown): ProviderFailure {
  return { answer: new ContractError('session.invalid_credentials', { message }), level, reason: reasonOf(error) }
}

const awayCodes = new Set<unknown>(['OAUTH_TIMEOUT', 'OAUTH_RESPONSE_IS_NOT_JSON'])

/** It, or what stands before it, did not answer as itself. */
function isAway (error: unknown): boolean {
  if (error instanceof client.ClientError) return awayCodes.has(error.code) || statusOf(error.cause) >= 500
  // What fetch throws; with a code it would be a mistake of ours.
  return error instanceof TypeError && !('code' in error)
}

function statusOf (value: unknown): number {
  return typeof value === 'object' && value !== null && 'status' in value ? Number(value.status) : 0
}

/** Of the errors that are the library's own, which say nothing of what was exchanged. */
function reasonOf (error: unknown): string {
  const { code, error: refusal, cause } = error as { code?: unknown, error?: unknown, cause?: { code?: unknown } }
  const message = error instanceof client.ClientError || error instanceof TypeError ? error.message : undefined
  return [message, code, refusal ?? cause?.code].filter((part) => typeof part === 'string').join(': ').slice(0, 200)
}
