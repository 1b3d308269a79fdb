import type { PostgresType } from 'postgres'

const special = /["\\]/

/** An array's literal, as Postgres reads it. Of every message that is sent, several are made: it is written without a list of its parts. */
function toLiteral (values: Array<string | number | null>): string {
  let literal = ''
  for (const value of values) {
    const isText = typeof value === 'string'
    literal += `${literal && ','}${isText ? `"${special.test(value) ? value.replace(/["\\]/g, '\\$&') : value}"` : value}`
  }
  return `{${literal}}`
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
