import type { PostgresType } from 'postgres'

const special = /["\\]/

function quote (text: string): string {
  return `"${special.test(text) ? text.replace(/["\\]/g, '\\$&') : text}"`
}

/** An array's literal, as Postgres reads it. Several are made of every batch: without a list in between. */
function toLiteral (values: Array<string | number | null>): string {
  let items = ''
  for (const value of values) items += `${items && ','}${typeof value === 'string' ? quote(value) : value}`
  return `{${items}}`
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
