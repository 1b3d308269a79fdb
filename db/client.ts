import postgres from 'postgres'
import { arrayTypes } from './arrays.ts'
import { createSocketFactory } from './socket.ts'

type ArrayTypes = Record<keyof typeof arrayTypes, Array<string | number | null>>

/** Tagged SQL, prepared on first use: a statement can be read off the page. */
export type Sql = postgres.Sql<ArrayTypes & { bigint: number }>

export interface Database {
  sql: Sql
  /**
   * Connections of its own for what is run all the time and reads by its keys alone: planned once on each of them, since
   * to plan it for its values takes Postgres longer than to run it.
   */
  plannedOnce: Sql
  close: () => Promise<void>
}

export interface DatabaseOptions {
  url: string
  /** Most connections of this node. */
  connections?: number
  applicationName?: string
  /** After so long without a word a connection is given up: longer than any statement may take. */
  silenceMs?: number
}

/** A plan that is kept must not be one for tables that were small when it was made. postgres.js leaves out what is false. */
const planOnce = { plan_cache_mode: 'force_generic_plan', enable_seqscan: 'off' }
/** Of the connections of a node. */
const plannedOnceShare = 0.4

/** Beyond these a stopped node or a stuck statement gives back what it holds. */
const timeouts = {
  lock_timeout: 2000,
  statement_timeout: 5000,
  idle_in_transaction_session_timeout: 5000
}

/**
 * What a connection says first is written at once when it is this long. Else postgres.js (3.4.9) puts it behind what it was
 * about to write when the last connection of the same place in the pool broke, which it never writes: then nothing of it
 * works again. Postgres closes the connection that begins with the rest of another one, and the next is a good one.
 */
const longGreeting = ' '.repeat(1024)

export function openDatabase ({
  url, connections = 10, applicationName = 'parley', silenceMs = timeouts.statement_timeout + 2000
}: DatabaseOptions): Database {
  const options = {
    connect_timeout: 5,
    backoff: (attempt: number) => Math.min(0.05 * attempt, 0.5),
    onnotice: () => {},
    fetch_types: false,
    types: { ...arrayTypes, bigint: { to: 20, from: [20], serialize: String, parse: Number } },
    // Closed before they fall silent for want of work.
    idle_timeout: 5,
    socket: createSocketFactory(silenceMs)
  }
  const settings = { application_name: applicationName, ...timeouts, options: longGreeting }
  const plannedOnceMax = Math.max(1, Math.floor(connections * plannedOnceShare))
  const sql = postgres(url, { ...options, connection: settings, max: Math.max(1, connections - plannedOnceMax) })
  const plannedOnce = postgres(url, { ...options, connection: { ...settings, ...planOnce }, max: plannedOnceMax })
  return { sql, plannedOnce, close: async () => { await Promise.all([sql, plannedOnce].map((each) => each.end({ timeout: 2 }))) } }
}
