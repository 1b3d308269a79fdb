import type { TSchema } from 'typebox'

/** What a call is limited to where it has a rate of its own, by the address it comes from. */
export type CallRate = 'registrations' | 'mail' | 'oidc'

/** One REST call, under `/api`: everything either side needs to know of it. */
export interface Call {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** In the notation of the router: `/rooms/:roomId`. */
  path: string
  summary: string
  /** True for the few calls that a stranger may make. */
  open?: true
  /** Left out for most: they share the one for all requests. */
  rate?: CallRate
  params?: TSchema
  query?: TSchema
  body?: TSchema
  /** In place of a body: a form (`multipart/form-data`) with one file, named `file`. */
  upload?: true
  /** Answers the bytes of a file, and not JSON. */
  download?: true
  /** What a success answers, by status; 302 says in `Location` where to go on, and nothing else. */
  answers: Partial<Record<200 | 201 | 204 | 302, TSchema>>
}

/** Keeps the literal types of a table of calls while checking its form. */
export function defineCalls<T extends Record<string, Call>> (calls: T): T {
  return calls
}
