import type { Presence } from '../../../contract/index.ts'
import { CookieJar } from '../../../sdk/cookies.ts'
import { ParleyError } from '../../../sdk/errors.ts'
import { createRest } from '../../../sdk/rest.ts'
import { signIn, type Person } from '../clients/account.ts'
import { LightSocket, type Door, type Visit } from '../clients/light-socket.ts'
import type { Sight, Watch } from './history.ts'

export interface ObserverOptions {
  person: Person
  node: Door
  /** To sign in through, whatever becomes of the node. */
  balancer: Door
  watched: string[]
  /** Where what is seen is written down. */
  watches: Watch[]
}

const askEveryMs = 500
const mostByRest = 100

/** Somebody on one node who watches everybody, and asks for the whole picture twice a second. */
export class Observer {
  readonly #options: ObserverOptions
  readonly #jar = new CookieJar()
  readonly #closed = new AbortController()
  readonly #timer: NodeJS.Timeout
  #socket: LightSocket | undefined
  #visit: Visit | undefined
  #watch: Watch | undefined
  #last = new Map<string, Sight>()
  #isBusy = false

  constructor (options: ObserverOptions) {
    this.#options = options
    this.#timer = setInterval(() => { void this.#tick() }, askEveryMs)
    void this.#tick()
  }

  get isWatching (): boolean { return this.#watch !== undefined && this.#watch.until === undefined }

  close (): void {
    clearInterval(this.#timer)
    this.#closed.abort()
    this.#socket?.finish()
  }

  /** How everybody is, by REST through the observer's node; undefined when it gave no answer. */
  async read (): Promise<Presence[] | undefined> {
    const { node, watched } = this.#options
    const rest = createRest({ url: node.url, jar: this.#jar, fetch, timeoutMs: 5000 })
    const users: Presence[] = []
    try {
      for (let start = 0; start < watched.length; start += mostByRest) {
        const answer = await rest('getPresence', { query: { userIds: watched.slice(start, start + mostByRest).join(',') } })
        users.push(...answer.users)
      }
      return users
    } catch (error) {
      if (!(error instanceof ParleyError)) throw error
      return undefined
    }
  }

  async #tick (): Promise<void> {
    if (this.#isBusy) return
    this.#isBusy = true
    try {
      if (!this.#socket || this.#socket.isOver) await this.#enter()
      else await this.#look()
    } catch (error) {
      if (!this.#closed.signal.aborted) throw error
    } finally {
      this.#isBusy = false
    }
  }

  async #enter (): Promise<void> {
    const { balancer, node, person } = this.#options
    await signIn(createRest({ url: balancer.url, jar: this.#jar, fetch, timeoutMs: 10_000 }), person, this.#closed.signal)
    this.#socket?.leave()
    this.#endWatch(Date.now())
    const visits: Visit[] = []
    this.#socket = new LightSocket({
      door: node,
      cookie: this.#jar.header ?? '',
      visits,
      onReady: () => {
        this.#endWatch(Date.now())
        this.#visit = visits.at(-1)
        this.#last = new Map()
        void this.#look()
      },
      onClose: ({ closedAt = 0 }) => { this.#endWatch(closedAt) },
      onPresence: (users) => { for (const presence of users) this.#see(presence, Date.now()) }
    })
  }

  async #look (): Promise<void> {
    const visit = this.#visit
    if (!this.#socket?.isReady || !visit) return
    const askedAt = Date.now()
    await this.#socket.ask<{ users: Presence[] }>('presence:watch', { userIds: this.#options.watched }, ({ users }) => {
      if (visit === this.#visit && visit.closedAt === undefined) this.#take(users, askedAt)
    })
  }

  #take (users: Presence[], askedAt: number): void {
    const answeredAt = Date.now()
    if (!this.isWatching) {
      const { node, person } = this.#options
      this.#watch = { observer: person.username, node: node.name, from: answeredAt, sights: [], pictures: [] }
      this.#options.watches.push(this.#watch)
    }
    for (const presence of users) this.#see(presence, answeredAt)
    const known = users.find(({ status }) => status !== 'unknown')
    const unknown = users.filter(({ status }) => status === 'unknown').length
    this.#watch?.pictures.push({ askedAt, answeredAt, unknown, ...(known && { known: { userId: known.userId, status: known.status } }) })
  }

  /** Written down when it is news. */
  #see ({ userId, status, lastSeenAt }: Presence, at: number): void {
    const sinceMs = lastSeenAt === null ? null : Date.parse(lastSeenAt)
    const last = this.#last.get(userId)
    if (!this.#watch || (last?.status === status && last.sinceMs === sinceMs)) return
    const sight = { at, userId, status, sinceMs }
    this.#last.set(userId, sight)
    this.#watch.sights.push(sight)
  }

  #endWatch (at: number): void {
    if (this.#watch) this.#watch.until ??= at
    this.#watch = undefined
  }
}
