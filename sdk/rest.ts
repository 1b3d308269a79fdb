import type { Static, TSchema } from 'typebox'
import { calls, type Call, type CallName } from '../contract/index.ts'
import type { CookieJar } from './cookies.ts'
import { ParleyError, toParleyError } from './errors.ts'

type Part<Name extends CallName, Key extends 'params' | 'query' | 'body'> =
  typeof calls[Name] extends Record<Key, infer Schema extends TSchema> ? Static<Schema> : never

/** A field that may be left out when an empty object would do. */
type Field<Key extends string, Value> =
  [Value] extends [never] ? unknown : Record<never, never> extends Value ? { [K in Key]?: Value } : { [K in Key]: Value }

/** Where a file is uploaded. */
type Form<Name extends CallName> = typeof calls[Name] extends { upload: true } ? { form: FormData } : unknown

/** What a REST call takes: `params`, `query` and `body`, as far as it has them. */
export type CallInput<Name extends CallName> =
  Field<'params', Part<Name, 'params'>> & Field<'query', Part<Name, 'query'>> & Field<'body', Part<Name, 'body'>> & Form<Name>

type Schemas<Answers> = Answers[keyof Answers]

/** What a REST call answers when it succeeds; null where there is nothing to say (204). */
export type CallAnswer<Name extends CallName> =
  Schemas<typeof calls[Name]['answers']> extends infer Schema ? Schema extends TSchema ? Static<Schema> : never : never

/** A second argument that may be left out when nothing in it is required. */
export type CallArguments<Name extends CallName> =
  Record<never, never> extends CallInput<Name> ? [input?: CallInput<Name>] : [input: CallInput<Name>]

/** Where and how REST calls are made. */
export interface RestOptions {
  /** Without a slash at the end. */
  url: string
  /** Undefined where the platform keeps the cookies. */
  jar: CookieJar | undefined
  fetch: typeof fetch
  /** How long a call may take, its answer included. */
  timeoutMs: number
}

/** As long as the server gives an upload. */
const uploadTimeoutMs = 300_000

interface AnyInput {
  params?: Record<string, string | number>
  query?: Record<string, string | number | undefined>
  body?: unknown
  form?: FormData
}

/** Makes one REST call of the contract. @throws ParleyError what the server refused with, or `client.unreachable`, `client.timeout`, `client.bad_answer`. */
export type Rest = ReturnType<typeof createRest>

/**
 * The contract's REST calls, typed by it, without a socket or anything else of a client.
 *
 * @example
 * const rest = createRest({ url, jar: new CookieJar(), fetch, timeoutMs: 10_000 })
 * await rest('login', { body: { username, password } })
 * const { rooms } = await rest('listRooms')
 */
export function createRest ({ url, jar, fetch, timeoutMs }: RestOptions) {
  async function request (call: Call, input: AnyInput): Promise<{ status: number, text: string }> {
    const abort = new AbortController()
    const timer = setTimeout(() => { abort.abort() }, call.upload ? Math.max(timeoutMs, uploadTimeoutMs) : timeoutMs)
    try {
      const response = await fetch(url + pathOf(call, input), {
        method: call.method,
        credentials: 'include',
        headers: {
          ...(jar?.header && { cookie: jar.header }),
          ...(input.body !== undefined && { 'content-type': 'application/json' })
        },
        ...(input.body !== undefined && { body: JSON.stringify(input.body) }),
        ...(input.form && { body: input.form }),
        signal: abort.signal
      })
      jar?.keep(response.headers)
      // Read here, so that the time counts for all of it.
      return { status: response.status, text: await response.text() }
    } catch (cause) {
      throw new ParleyError(abort.signal.aborted ? 'client.timeout' : 'client.unreachable', { cause })
    } finally {
      clearTimeout(timer)
    }
  }

  return async function call<Name extends CallName> (name: Name, ...[input]: CallArguments<Name>): Promise<CallAnswer<Name>> {
    const { status, text } = await request(calls[name], input ?? {})
    const answer = status === 204 ? null : parse(text, status)
    if (!(status in calls[name].answers)) throw toParleyError(answer, status)
    return answer as CallAnswer<Name>
  }
}

/** Calls that answer a file. */
type DownloadName = { [Name in CallName]: typeof calls[Name] extends { download: true } ? Name : never }[CallName]

/** Where a file can be had, for `<img src>` and the like. */
export function urlOf (url: string, name: DownloadName, params: Record<string, string>): string {
  return url + pathOf(calls[name], { params })
}

function pathOf (call: Call, { params = {}, query = {} }: AnyInput): string {
  const path = call.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''))
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, `${value}`)
  const text = search.toString()
  return `/api${path}${text && `?${text}`}`
}

function parse (text: string, status: number): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new ParleyError('client.bad_answer', { status, retryable: status >= 500, cause })
  }
}
