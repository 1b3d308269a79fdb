import { invalidField } from '../contract/index.ts'

/** The place after which a page begins, as clients carry it. */
export function encodeCursor (place: unknown): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url')
}

/** @throws `request.invalid` for what did not come from `encodeCursor`; NUL, which Postgres does not take, never did. */
export function decodeCursor<T> (cursor: string | undefined, isPlace: (value: unknown) => value is T): T | undefined {
  if (cursor === undefined) return undefined
  try {
    const text = Buffer.from(cursor, 'base64url').toString()
    const place: unknown = JSON.parse(text, (_key, part: unknown) => typeof part === 'string' && part.includes('\0') ? undefined : part)
    if (isPlace(place)) return place
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw invalidField('/cursor', 'must be the nextCursor of the page before')
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

export function isUuid (value: unknown): value is string {
  return typeof value === 'string' && uuid.test(value)
}

/** Cuts the row that was read beyond the page, and says where the next page begins. */
export function toPage<T> (rows: T[], limit: number, placeOf: (row: T) => unknown): { items: T[], nextCursor: string | null } {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return { items, nextCursor: rows.length > limit && last !== undefined ? encodeCursor(placeOf(last)) : null }
}
