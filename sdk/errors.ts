import { errorKinds, type ErrorBody, type ErrorCode, type ErrorDetail } from '../contract/index.ts'

/** Failures that no server has said: they arise on this side. */
export const clientErrorKinds = {
  /** No answer: the server cannot be reached, or the connection broke while waiting. */
  'client.unreachable': { retryable: true, message: 'The server cannot be reached.' },
  /** No answer in time. */
  'client.timeout': { retryable: true, message: 'The server did not answer in time.' },
  /** Something answered that does not speak for Parley, such as a proxy with a page of its own. */
  'client.bad_answer': { retryable: false, message: 'The answer is none that this server gives.' },
  /** Nobody is signed in here, or no longer. */
  'client.signed_out': { retryable: false, message: 'Nobody is signed in.' },
  /** `close()` was called. */
  'client.closed': { retryable: false, message: 'This client has been closed.' },
  /** The app took it back by `discard()`. */
  'client.discarded': { retryable: false, message: 'This was discarded before it was sent.' }
} as const

export type ClientErrorCode = keyof typeof clientErrorKinds

interface ErrorParts {
  message?: string
  retryable?: boolean
  retryAfterMs?: number | undefined
  details?: ErrorDetail[] | undefined
  status?: number | undefined
  cause?: unknown
}

/**
 * Every failure of the SDK, from whichever side: REST, acks and refused connections alike.
 *
 * @example
 * try {
 *   await room.send('Hello')
 * } catch (error) {
 *   if (error instanceof ParleyError && error.code === 'room.not_found') leaveThePage()
 * }
 */
export class ParleyError extends Error {
  /** One of the contract's codes (`room.not_found`) or of the SDK's (`client.unreachable`); a newer server may know more. */
  readonly code: ErrorCode | ClientErrorCode | (string & {})
  /** Whether the same may succeed later without a change. */
  readonly retryable: boolean
  /** How long to wait before that, in milliseconds, where the server said so. */
  readonly retryAfterMs: number | undefined
  /** Each field that was refused, where it stands and why; with `request.invalid`. */
  readonly details: readonly ErrorDetail[] | undefined
  /** HTTP status, where there was one. */
  readonly status: number | undefined

  constructor (code: ErrorCode | ClientErrorCode | (string & {}), parts: ErrorParts = {}) {
    const kind = kindOf(code)
    super(parts.message ?? kind?.message ?? code, parts.cause === undefined ? undefined : { cause: parts.cause })
    this.name = 'ParleyError'
    this.code = code
    this.retryable = parts.retryable ?? kind?.retryable ?? false
    this.retryAfterMs = parts.retryAfterMs
    this.details = parts.details
    this.status = parts.status
  }
}

function kindOf (code: string): { retryable: boolean, message: string } | undefined {
  const kinds: Partial<Record<string, { retryable: boolean, message: string }>> = { ...errorKinds, ...clientErrorKinds }
  return kinds[code]
}

/** What the server said, as an error; anything else is a bad answer. */
export function toParleyError (answer: unknown, status?: number): ParleyError {
  const error = typeof answer === 'object' && answer !== null && 'error' in answer ? answer.error as Partial<ErrorBody> : undefined
  if (typeof error?.code !== 'string') {
    return new ParleyError('client.bad_answer', { status, retryable: status !== undefined && status >= 500 })
  }
  const { code, ...parts } = error
  return new ParleyError(code, { ...parts, status })
}

/** Failures of what nobody waits for: those that pass, or that come of signing out, are made good or beside the point. */
export function unlessPassing (onError: (error: unknown) => void) {
  return (error: unknown): void => {
    const isPassing = error instanceof ParleyError && (error.retryable || error.code.startsWith('client.') || error.code === 'session.required')
    if (!isPassing) onError(error)
  }
}
