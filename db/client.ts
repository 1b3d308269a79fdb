import postgres from 'postgres'
import { arrayTypes } from './arrays.ts'
import { createSocketFactory } from './socket.ts'

type ArrayTypes = Record<keyof typeof arrayTypes, Array<string | number | null>>

/** Tagged SQL, prepared on first use: a statement can be read off the page. */
export type Sql = postgres.Sql<ArrayTypes & { bigint: number }>

export interface Database {
  sql: Sql
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

/** Beyond these a stopped node or a stuck statement gives back what it holds. */
const timeouts = {
  lock_timeout: 2000,
  statement_timeout: 5000,
  idle_in_transaction_session_timeout: 5000
}

export function openDatabase ({
  url, connections = 10, applicationName = 'parley', silenceMs = timeouts.statement_timeout + 2000
}: DatabaseOptions): Database {
  const options = {
    max: connections,
    connect_timeout: 5,
    backoff: (attempt: number) => Math.min(0.05 * attempt, 0.5),
    onnotice: () => {},
    fetch_types: false,
    types: { ...arrayTypes, bigint: { to: 20, from: [20], serialize: String, parse: Number } },
    connection: { application_name: applicationName, ...timeouts },
    // Closed before they fall silent for want of work.
    idle_timeout: 5,
    socket: createSocketFactory(silenceMs)
  }
  const sql = postgres(url, options)
  return { sql, close: () => sql.end({ timeout: 2 }) }
}
