import { Type, type Static } from 'typebox'

interface ErrorKind {
  /** HTTP status of the same failure over REST. */
  status: number
  /** Whether the same request may succeed later without a change. */
  retryable: boolean
  /** One sentence for a person, shown when the thrower has none that fits better. */
  message: string
}

function kind (status: number, message: string, retryable = false): ErrorKind {
  return { status, retryable, message }
}

/** Every failure a client can meet, by code. REST bodies, acks and `connect_error.data` all draw from this list. */
export const errorKinds = {
  'request.invalid': kind(400, 'The request does not have the form this call expects; see details.'),
  'command.unknown': kind(400, 'There is no such command.'),
  'session.required': kind(401, 'Sign in first: there is no live session with this request.'),
  'session.invalid_credentials': kind(401, 'The username or the password is wrong.'),
  'request.forbidden': kind(403, 'You may not do this here.'),
  'origin.refused': kind(403, 'Requests from this origin are not allowed; the operator can add it to ORIGINS.'),
  'room.not_found': kind(404, 'There is no such room, or you are not in it.'),
  'message.not_found': kind(404, 'There is no such message in this room.'),
  'attachment.not_found': kind(404, 'There is no such attachment here, or it is another message\'s.'),
  'user.not_found': kind(404, 'There is no such user.'),
  'session.not_found': kind(404, 'There is no such session of yours.'),
  'route.not_found': kind(404, 'There is no such route.'),
  'identity.not_found': kind(404, 'There is no such identity of yours.'),
  'link.not_found': kind(404, 'This link is unknown, was used already, or has expired: ask for a new one.'),
  'feature.disabled': kind(404, 'This server is not set up for this; the operator can do it.'),
  'request.timeout': kind(408, 'The request did not arrive in time.', true),
  'user.username_taken': kind(409, 'This username is taken.'),
  'request.id_taken': kind(409, 'This id already names something else in this room.'),
  'message.deleted': kind(409, 'This message has been deleted.'),
  'room.archived': kind(409, 'This room is archived: it can be read, and not be written in.'),
  'room.owner_required': kind(409, 'A room needs an owner: make somebody else owner first, or delete the room.'),
  'identity.taken': kind(409, 'This identity belongs to another account: sign in with it, or unlink it there first.'),
  'identity.required': kind(409, 'A way to sign in must remain: set a password or link another identity first.'),
  'request.too_large': kind(413, 'The request is larger than this server accepts.'),
  'attachment.refused': kind(415, 'Files of this type are not taken.'),
  'rate.limited': kind(429, 'Too many requests; wait before the next one.', true),
  'server.error': kind(500, 'Something went wrong on the server; it has been logged.'),
  'server.unavailable': kind(503, 'The server cannot do this right now; try again shortly.', true)
} as const satisfies Record<string, ErrorKind>

export type ErrorCode = keyof typeof errorKinds

/** A field that was refused: where it stands (`/text`), and why. */
export const ErrorDetail = Type.Object({ path: Type.String(), message: Type.String() })
export type ErrorDetail = Static<typeof ErrorDetail>

export const ErrorBody = Type.Object({
  code: Type.String(),
  message: Type.String(),
  retryable: Type.Boolean(),
  details: Type.Optional(Type.Array(ErrorDetail)),
  retryAfterMs: Type.Optional(Type.Integer({ minimum: 0 }))
})
export type ErrorBody = Static<typeof ErrorBody>

/** The one shape of every answer that fails. */
export const ErrorAnswer = Type.Object({ error: ErrorBody })
export type ErrorAnswer = Static<typeof ErrorAnswer>

export interface ErrorOptions {
  message?: string
  details?: ErrorDetail[]
  retryAfterMs?: number
  cause?: unknown
}

/**
 * A failure that the contract knows. Thrown by the verbs, mapped once for REST and once for acks.
 *
 * @example throw new ContractError('room.not_found')
 */
export class ContractError extends Error {
  readonly code: ErrorCode
  readonly details: ErrorDetail[] | undefined
  readonly retryAfterMs: number | undefined

  constructor (code: ErrorCode, options: ErrorOptions = {}) {
    super(options.message ?? errorKinds[code].message, { cause: options.cause })
    this.name = 'ContractError'
    this.code = code
    this.details = options.details
    this.retryAfterMs = options.retryAfterMs
  }

  get status (): number {
    return errorKinds[this.code].status
  }

  /** The body a client sees: nothing of the cause. */
  toAnswer (): ErrorAnswer {
    return {
      error: {
        code: this.code,
        message: this.message,
        retryable: errorKinds[this.code].retryable,
        ...(this.details && { details: this.details }),
        ...(this.retryAfterMs !== undefined && { retryAfterMs: this.retryAfterMs })
      }
    }
  }
}

/** A `request.invalid` about one field. */
export function invalidField (path: string, message: string): ContractError {
  return new ContractError('request.invalid', { details: [{ path, message }] })
}
