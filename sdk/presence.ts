import { limits, type Presence } from '../contract/index.ts'
import type { Connection } from './connection.ts'
import { unlessPassing } from './errors.ts'

interface PresenceOptions {
  connection: Connection
  onChange: (users: readonly Presence[]) => void
  onError: (error: unknown) => void
}

/** Who is online, of the people one watches; and what one says of oneself. */
export class PresenceWatch {
  readonly #options: PresenceOptions
  readonly #watched = new Map<string, number>()
  readonly #known = new Map<string, Presence>()
  #status: 'online' | 'away' = 'online'

  constructor (options: PresenceOptions) {
    this.#options = options
  }

  /** What was last heard of somebody watched. While the client is not `online`, nothing newer is known. */
  get (userId: string): Presence | undefined {
    return this.#known.get(userId)
  }

  /**
   * Watches people: resolves with the picture now; changes come as the client's event `presence`. Goes on over
   * reconnects. Watching twice takes unwatching twice.
   *
   * @example
   * parley.on('presence', (users) => { for (const { userId, status } of users) show(userId, status) })
   * await parley.presence.watch([bob.id])
   * @throws ParleyError `client.signed_out`; `request.invalid` when they are too many.
   */
  async watch (userIds: readonly string[]): Promise<Presence[]> {
    for (const userId of userIds) this.#watched.set(userId, (this.#watched.get(userId) ?? 0) + 1)
    try {
      return await this.#ask(userIds)
    } catch (error) {
      for (const userId of userIds) this.#release(userId)
      throw error
    }
  }

  /** Stops watching, at once on this side. */
  unwatch (userIds: readonly string[]): void {
    const gone = userIds.filter((userId) => this.#release(userId))
    const { connection, onError } = this.#options
    for (const part of parts(gone)) connection.ready?.ask('presence:unwatch', { userIds: part }).catch(unlessPassing(onError))
  }

  /** Says that one is `away`, or back `online`, on this connection and those that follow it. */
  setStatus (status: 'online' | 'away'): void {
    this.#status = status
    this.#options.connection.ready?.ask('presence:set', { status }).catch(unlessPassing(this.#options.onError))
  }

  /** A new connection knows nothing of what was watched. */
  connected (): void {
    if (this.#status === 'away') this.setStatus('away')
    if (this.#watched.size > 0) this.#ask([...this.#watched.keys()]).catch(unlessPassing(this.#options.onError))
  }

  changed (users: readonly Presence[]): void {
    const watched = users.filter(({ userId }) => this.#watched.has(userId))
    for (const presence of watched) this.#known.set(presence.userId, presence)
    if (watched.length > 0) this.#options.onChange(watched)
  }

  /** Somebody else may sign in next. */
  clear (): void {
    this.#watched.clear()
    this.#known.clear()
    this.#status = 'online'
  }

  async #ask (userIds: readonly string[]): Promise<Presence[]> {
    const pages = await Promise.all(parts(userIds).map((part) => this.#options.connection.ask('presence:watch', { userIds: part })))
    const users = pages.flatMap((page) => page.users)
    this.changed(users)
    return users
  }

  /** Says whether nobody watches them any more. */
  #release (userId: string): boolean {
    const count = this.#watched.get(userId) ?? 0
    if (count > 1) {
      this.#watched.set(userId, count - 1)
      return false
    }
    this.#known.delete(userId)
    return this.#watched.delete(userId)
  }
}

function parts (userIds: readonly string[]): string[][] {
  const size = limits.presenceUsers
  return Array.from({ length: Math.ceil(userIds.length / size) }, (_, index) => userIds.slice(index * size, (index + 1) * size))
}
