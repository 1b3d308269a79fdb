import type { PostgresType } from 'postgres'

/** An array's literal, as Postgres reads it. */
function toLiteral (values: Array<string | number | null>): string {
  const items = values.map((value) => value === null ? 'null' : `"${String(value).replace(/["\\]/g, '\\$&')}"`)
  return `{${items.join(',')}}`
}

/** Arrays of plain values without quotes: ids, numbers. */
function fromLiteral (literal: string): string[] {
  return literal === '{}' ? [] : literal.slice(1, -1).split(',')
}

function arrayOf (oid: number): PostgresType<Array<string | number | null>> {
  return { to: oid, from: [oid], serialize: toLiteral, parse: fromLiteral }
}

/**
 * The arrays that the queries pass. postgres.js would ask each new connection for all of them, and when the connection
 * is lost at that moment, nobody hears the error.
 */
export const arrayTypes = { uuids: arrayOf(2951), texts: arrayOf(1009), bigints: arrayOf(1016), floats: arrayOf(1022) }
