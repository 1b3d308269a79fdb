import type { Fragment } from 'postgres'
import type { Sql } from '../client.ts'

/** As a column of a query: null for a mute that has passed. */
export function mutedUntilMs (sql: Sql, mutedUntil: Fragment) {
  return sql`(extract(epoch from case when ${mutedUntil} > clock_timestamp() then ${mutedUntil} end) * 1000)::float8`
}
