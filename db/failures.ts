import postgres from 'postgres'

/** SQLSTATE codes that the verbs act on. */
const uniqueViolation = '23505'
const lockTimeout = '55P03'
const passing = new Set([
  '40001', // serialization_failure
  '40P01' // deadlock_detected
])
const unavailable = new Set([
  lockTimeout,
  '57014', // query_canceled: statement_timeout
  '25P03', // idle_in_transaction_session_timeout
  '53100', '53200', '53300', // out of disk, memory, connections
  '58030', // io_error
  '25006', // read_only_sql_transaction: a standby, just now
  '57P01', '57P02', '57P03' // shutting down, crashed, starting up
])
const connectionErrors = /^(CONNECTION_|CONNECT_TIMEOUT$|ECONN|EPIPE$|ETIMEDOUT$|ENOENT$|EHOSTUNREACH$|ENETUNREACH$|ENOTFOUND$)/

function codeOf (error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

/** Whether the error says that a row with this unique key is there already. */
export function isUniqueViolation (error: unknown, constraint?: string): boolean {
  return error instanceof postgres.PostgresError && error.code === uniqueViolation &&
    (constraint === undefined || error.constraint_name === constraint)
}

/** Whether somebody else held the row for longer than we wait. */
export function isLockTimeout (error: unknown): boolean {
  return codeOf(error) === lockTimeout
}

/** Whether the same statement may well succeed at once. */
export function isPassing (error: unknown): boolean {
  return passing.has(codeOf(error))
}

/** Whether Postgres could not be asked, or did not answer in time: nothing is known about the outcome. */
export function isDatabaseUnavailable (error: unknown): boolean {
  const code = codeOf(error)
  return unavailable.has(code) || passing.has(code) || code.startsWith('08') || connectionErrors.test(code)
}
