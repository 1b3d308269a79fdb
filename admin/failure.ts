import { isDatabaseUnavailable } from '../db/failures.ts'

/** What the administrator can mend. The message is one sentence. */
export class Failure extends Error {
  readonly exitCode: number

  /** @param exitCode 2 for a command line that was not understood. */
  constructor (message: string, exitCode = 1) {
    super(message)
    this.name = 'Failure'
    this.exitCode = exitCode
  }
}

/** What stopped a command, in one sentence. */
export function explain (error: unknown, host: string): Failure {
  if (error instanceof Failure) return error
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const reason = (error instanceof Error && error.message) || code || String(error)
  if (code.startsWith('28') || code === '3D000') return new Failure(`Postgres at ${host} refuses (${reason}): set DATABASE_URL to what the nodes use.`)
  if (code === 'ERR_INVALID_URL' || error instanceof URIError) return new Failure('Set DATABASE_URL: it is no well-formed URL.')
  // A table or a column that is not there.
  if (code === '42P01' || code === '42703') return new Failure(`The database at ${host} is not of this release: start a node of it first, which brings it up to date.`)
  if (isDatabaseUnavailable(error)) return new Failure(`No Postgres answers at ${host} (${reason}): start it, or set DATABASE_URL to what the nodes use.`)
  return new Failure(`It failed: ${reason}`)
}
