import type { Answer } from '../helpers/api.ts'

export interface SetCookie {
  value: string
  /** In lower case, such as `httponly`. */
  flags: string[]
  attributes: Record<string, string>
}

/** What an answer sets the cookie `sid` to; undefined when it says nothing of it. Fails when it says two things. */
export function sidOf ({ headers }: Answer): SetCookie | undefined {
  const all = headers.getSetCookie().filter((cookie) => cookie.startsWith('sid='))
  if (all.length > 1) throw new Error(`One answer sets sid more than once: ${all.join(' and ')}`)
  if (all[0] === undefined) return undefined
  const [pair = '', ...rest] = all[0].split(/;\s*/)
  const attributes = rest.filter((part) => part.includes('=')).map((part) => part.split('=') as [string, string])
  return {
    value: decodeURIComponent(pair.slice('sid='.length)),
    flags: rest.filter((part) => !part.includes('=')).map((part) => part.toLowerCase()).sort(),
    attributes: Object.fromEntries(attributes.map(([name, value]) => [name.toLowerCase(), value]))
  }
}
