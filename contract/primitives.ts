import { Type, type TObject, type TProperties, type TSchema } from 'typebox'

/** A UUID in lower case; upper case is accepted and lowered. */
export const Id = Type.String({ format: 'uuid', normalize: 'lowerCase' })

/** A position in a room's log. The first event of a room has seq 1. */
export const Seq = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })

/** A position in a room's log, or 0: before the first event. */
export const SeqOrZero = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })

/** A point in time, ISO 8601 in UTC: `2026-01-31T12:00:00.000Z`. */
export const Timestamp = Type.String({ format: 'date-time' })

/** Opaque; comes from `nextCursor` of the page before. */
export const Cursor = Type.String({ minLength: 1, maxLength: 1024, pattern: '^[A-Za-z0-9_-]+$' })

/** Words from a person: trimmed, counted in code points; NUL and lone surrogates are refused. */
export function Words (minLength: number, maxLength: number) {
  return Type.String({ minLength, maxLength, normalize: 'trim', wellFormed: true })
}

/** An object that has these fields and no others. */
export function Exactly<T extends TProperties> (properties: T): TObject<T> {
  return Type.Object(properties, { additionalProperties: false })
}

export function Nullable<T extends TSchema> (schema: T) {
  return Type.Union([schema, Type.Null()])
}

/** The page size of a list: `limit` of a query. */
export function Limit (maximum: number, standard: number) {
  return Type.Optional(Type.Integer({ minimum: 1, maximum, default: standard }))
}
