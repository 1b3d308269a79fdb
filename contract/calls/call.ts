import type { TSchema } from 'typebox'

/** One REST call, under `/api`: everything either side needs to know of it. */
export interface Call {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** In the notation of the router: `/rooms/:roomId`. */
  path: string
  summary: string
  /** True for the few calls that a stranger may make. */
  open?: true
  params?: TSchema
  query?: TSchema
  body?: TSchema
  /** What a success answers, by status. */
  answers: Partial<Record<200 | 201 | 204, TSchema>>
}

/** Keeps the literal types of a table of calls while checking its form. */
export function defineCalls<T extends Record<string, Call>> (calls: T): T {
  return calls
}
