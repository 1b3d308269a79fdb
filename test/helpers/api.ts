import type {
  Account, Ban, ErrorBody, Invitation, Member, Message, Presence, PresenceCounts, Room, RoomEvent, RoomState, Session, User,
} from '../../contract/index.ts'
import type { Address } from './node.ts'

/** Whatever an answer may hold, side by side: a test looks at what it expects to be there. */
export interface Body {
  error: ErrorBody
  user: Account
  users: (User & Presence)[]
  session: Session
  sessions: Session[]
  room: Room
  rooms: (Room & RoomState)[]
  member: Member
  members: Member[]
  ban: Ban
  bans: Ban[]
  message: Message
  messages: Message[]
  results: Array<{ message: Message, roomId: string }>
  event: RoomEvent
  events: RoomEvent[]
  counts: PresenceCounts
  invitation: Invitation
  invitations: Invitation[]
  token: string
  expiresAt: string
  isMember: boolean
  lastSeq: number
  readSeq: number
  epoch: string
  hasMore: boolean
  nextCursor: string | null
  cursor: string | null
}

export interface Answer {
  status: number
  /** The JSON of the answer; an empty object when there is none. */
  body: Body
  headers: Headers
}

export interface RequestOptions {
  /** Sent as JSON; a string or bytes are sent as they are. */
  body?: unknown
  headers?: Record<string, string>
}

/** Cookies as a browser keeps them for one server. */
export class CookieJar {
  readonly #cookies = new Map<string, string>()

  /** As a `Cookie` header; undefined while there are none. */
  get header (): string | undefined {
    const pairs = [...this.#cookies].map(([name, value]) => `${name}=${value}`)
    return pairs.length > 0 ? pairs.join('; ') : undefined
  }

  get (name: string): string | undefined {
    return this.#cookies.get(name)
  }

  keep (headers: Headers): void {
    for (const cookie of headers.getSetCookie()) {
      const [pair = '', ...attributes] = cookie.split(/;\s*/)
      const [name = '', value = ''] = pair.split(/=(.*)/s)
      if (attributes.some(isPast)) this.#cookies.delete(name)
      else this.#cookies.set(name, value)
    }
  }
}

function isPast (attribute: string): boolean {
  const [name = '', value = ''] = attribute.split(/=(.*)/s)
  if (name.toLowerCase() === 'max-age') return Number(value) <= 0
  return name.toLowerCase() === 'expires' && Date.parse(value) <= Date.now()
}

/** REST with one cookie jar, on one node. Paths are under `/api`: `api.get('/rooms')`. */
export class Api {
  readonly node: Address
  readonly jar: CookieJar

  constructor (node: Address, jar = new CookieJar()) {
    this.node = node
    this.jar = jar
  }

  get (path: string, options: RequestOptions = {}) { return this.request('GET', path, options) }
  post (path: string, body?: unknown) { return this.request('POST', path, { body }) }
  put (path: string, body?: unknown) { return this.request('PUT', path, { body }) }
  patch (path: string, body?: unknown) { return this.request('PATCH', path, { body }) }
  delete (path: string, body?: unknown) { return this.request('DELETE', path, { body }) }

  /** Any request; what a browser would not send can be said in `headers`. */
  async request (method: string, path: string, { body, headers = {} }: RequestOptions = {}): Promise<Answer> {
    const response = await fetch(`${this.node.url}/api${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(this.jar.header && { cookie: this.jar.header }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body) }),
    })
    this.jar.keep(response.headers)
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: parse(text, method, path) }
  }
}

function parse (text: string, method: string, path: string): Body {
  try {
    return JSON.parse(text || '{}') as Body
  } catch (error) {
    throw new Error(`${method} ${path} did not answer JSON: ${text.slice(0, 500)}`, { cause: error })
  }
}
