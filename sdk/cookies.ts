/**
 * Cookies of one server, where the platform keeps none (Node). Give the same jar to several clients and they are one
 * device; its `header` lets any other client speak for the same session.
 *
 * @example
 * const jar = new CookieJar()
 * const parley = createParley({ url, jar })
 * await parley.signIn(credentials)
 * const socket = io(url, { extraHeaders: { cookie: jar.header ?? '' } })
 */
export class CookieJar {
  readonly #cookies = new Map<string, string>()

  /** As a `Cookie` header; undefined while there are none. */
  get header (): string | undefined {
    const pairs = [...this.#cookies].map(([name, value]) => `${name}=${value}`)
    return pairs.length > 0 ? pairs.join('; ') : undefined
  }

  /** Takes in what an answer sets and clears. */
  keep (headers: Headers): void {
    for (const cookie of headers.getSetCookie()) {
      const [pair = '', ...attributes] = cookie.split(/;\s*/)
      const [name = '', value = ''] = pair.split(/=(.*)/s)
      if (attributes.some(isPast)) this.#cookies.delete(name)
      else this.#cookies.set(name, value)
    }
  }

  /** Forgets them all: whoever asks with this jar is a stranger. */
  clear (): void {
    this.#cookies.clear()
  }
}

function isPast (attribute: string): boolean {
  const [name = '', value = ''] = attribute.split(/=(.*)/s)
  if (name.toLowerCase() === 'max-age') return Number(value) <= 0
  return name.toLowerCase() === 'expires' && Date.parse(value) <= Date.now()
}

/** Whether nobody else keeps cookies: Node, as opposed to a browser or its workers. */
export function needsJar (): boolean {
  const { process, window } = globalThis as { process?: { versions?: { node?: string } }, window?: unknown }
  return process?.versions?.node !== undefined && window === undefined
}
