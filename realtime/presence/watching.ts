import { invalidField, type Presence, type PresenceStatus } from '../../contract/index.ts'
import { hiddenPresence, type PresenceRules } from '../../domain/presence.ts'
import { Audiences } from './audiences.ts'
import { partitionOf } from './keys.ts'
import type { Partition } from './partition.ts'
import { Pictures } from './pictures.ts'
import { toPresence, type Reader } from './reader.ts'
import { noRooms, Roommates } from './roommates.ts'
import type { FollowedRooms } from './service.ts'
import type { News } from './store.ts'
import { Subscriptions, type SubscriptionsOptions } from './subscriptions.ts'
import type { Timings } from './timings.ts'
import { findMoves } from './visibility.ts'
import { Watches, type Watcher } from './watches.ts'

export interface WatchingOptions extends Omit<SubscriptionsOptions, 'waitMs' | 'onNews' | 'onGap'> {
  reader: Reader
  rules: PresenceRules
  partitions: Partition[]
  timings: Timings
  /** People one connection may watch. */
  maxWatched: number
  tell: (connectionIds: string[], users: Presence[]) => void
}

/** The picture once, then what changes, gathered per tick. */
export class Watching {
  readonly #options: WatchingOptions
  readonly #subscriptions: Subscriptions
  readonly #watches = new Watches()
  readonly #pictures = new Pictures()
  readonly #roommates: Roommates
  /** Who was answered since the last tick what the others are still to be told, by the person it is about. */
  readonly #ahead = new Map<string, Map<Watcher, PresenceStatus>>()
  /** Partitions of which changes may have been missed. */
  #stale = new Set<number>()
  /** Users who have entered or left a room: whom they see, and who sees them, is to be asked anew. */
  #moved = new Set<string>()
  readonly #livesRead = new Map<number, number>()
  #readAt = performance.now()
  #ticking: NodeJS.Timeout | undefined

  constructor (options: WatchingOptions) {
    this.#options = options
    this.#roommates = new Roommates(options.rules)
    this.#subscriptions = new Subscriptions({
      ...options,
      waitMs: options.timings.subscribeMs,
      onNews: (news) => {
        this.#pictures.take(toPresence(news), news.version)
        this.#tellSoon()
      },
      onGap: () => { this.#markStale() }
    })
  }

  /** Answers the picture; from then on the connection is told what changes. */
  async watch (connectionId: string, viewerId: string, asked: string[], rooms: FollowedRooms = noRooms): Promise<Presence[]> {
    const userIds = [...new Set(asked)]
    const watcher = this.#watches.open(connectionId, viewerId)
    const fresh = userIds.filter((userId) => !watcher.states.has(userId))
    if (watcher.states.size + fresh.length > this.#options.maxWatched) {
      throw invalidField('/userIds', `must not bring this connection above ${this.#options.maxWatched} watched people`)
    }
    for (const userId of fresh) this.#watches.set(watcher, userId, 'asking')
    try {
      const hidden = await this.#roommates.hiddenFrom(viewerId, userIds, rooms)
      for (const userId of hidden) if (watcher.states.has(userId)) this.#watches.set(watcher, userId, 'hidden')
      const shown = await this.#show(watcher, hidden.size === 0 ? userIds : userIds.filter((userId) => !hidden.has(userId)))
      return userIds.map((userId) => shown.get(userId) ?? hiddenPresence(userId))
    } finally {
      this.#remove(watcher, fresh.filter((userId) => watcher.states.get(userId) === 'asking'))
      this.#prune(userIds)
    }
  }

  unwatch (connectionId: string, userIds: string[]): void {
    const watcher = this.#watches.find(connectionId)
    if (watcher) this.#remove(watcher, userIds)
  }

  /** The connection is gone. */
  forget (connectionId: string): void {
    const watcher = this.#watches.find(connectionId)
    if (!watcher) return
    const userIds = [...watcher.states.keys()]
    this.#watches.forget(watcher)
    this.#prune(userIds)
  }

  /** These users have entered or left a room: at the next refresh it is asked anew who sees whom. */
  moved (userIds: Iterable<string>): void {
    for (const userId of userIds) this.#moved.add(userId)
    this.#roommates.moved(userIds)
  }

  /** Puts right what is not as it was told: whatever was missed, cannot be known any more, or may not be seen any more. */
  async refresh (): Promise<void> {
    this.#doubt()
    await this.#reread()
    await this.#recheck()
  }

  measure (): { watchers: number, watched: number } {
    return { watchers: this.#watches.watcherCount, watched: this.#watches.peopleCount }
  }

  end (): void {
    clearTimeout(this.#ticking)
    this.#subscriptions.end()
  }

  /** Listens before it reads, so that no change falls in between. */
  async #show (watcher: Watcher, userIds: string[]): Promise<Map<string, Presence>> {
    await this.#subscriptions.open(userIds.filter((userId) => watcher.states.has(userId)))
    const [known, unknown] = divide(userIds, this.#sureness())
    const isKnown = known.length > 0 && await this.#subscriptions.arrive(known)
    const isSure = this.#sureness()
    const presences = await this.#read([...unknown, ...isKnown ? known.filter((userId) => !isSure(userId)) : known])
    const shown = new Map<string, Presence>()
    for (const userId of userIds) {
      const presence = this.#pictures.get(userId) ?? presences.get(userId)
      if (!presence) continue
      shown.set(userId, presence)
      const state = watcher.states.get(userId)
      if (state === 'asking') this.#watches.set(watcher, userId, 'shown')
      if (state !== undefined && this.#pictures.isAhead(userId)) this.#setAhead(watcher, presence)
    }
    this.#tellSoon()
    return shown
  }

  /** What Redis says, which is then known here of those whom somebody watches. */
  async #read (userIds: string[]): Promise<Map<string, Presence>> {
    if (userIds.length === 0) return new Map()
    // Nothing was known of a partition before the first reading.
    for (const { index, lives } of this.#options.partitions) if (!this.#livesRead.has(index)) this.#livesRead.set(index, lives)
    const news = await this.#options.reader.ask(userIds)
    const presences = await this.#options.reader.complete(news)
    for (const { userId, status } of news) if (status === 'unknown') this.#stale.add(partitionOf(userId))
    this.#take(presences, news)
    return new Map(presences.map((presence) => [presence.userId, presence]))
  }

  /** Tells, for this moment, whether what is known here of a person is how they are, but for what is on its way. */
  #sureness (): (userId: string) => boolean {
    const areSure = this.#options.partitions.map(({ index, isOutOfTouch, lives }) =>
      !isOutOfTouch && !this.#stale.has(index) && this.#livesRead.get(index) === lives)
    // Then nobody's partition is needed, which takes longer to find than the rest.
    const isAllSure = !areSure.includes(false)
    return (userId) => {
      const picture = this.#pictures.get(userId)
      if (!picture || picture.status === 'unknown' || !this.#subscriptions.isHeard(userId)) return false
      return isAllSure || areSure[partitionOf(userId)] === true
    }
  }

  /** This one knows already what the others are told with the next tick. */
  #setAhead (watcher: Watcher, { userId, status }: Presence): void {
    const told = this.#ahead.get(userId) ?? new Map<Watcher, PresenceStatus>()
    this.#ahead.set(userId, told.set(watcher, status))
  }

  #remove (watcher: Watcher, userIds: string[]): void {
    for (const userId of userIds) this.#watches.remove(watcher, userId)
    this.#prune(userIds)
  }

  /** Nothing more is heard of people whom nobody watches. */
  #prune (userIds: string[]): void {
    const unwatched = userIds.filter((userId) => !this.#watches.isWatched(userId))
    if (unwatched.length === 0) return
    for (const userId of unwatched) this.#pictures.forget(userId)
    this.#roommates.forget(unwatched)
    this.#subscriptions.close(unwatched)
  }

  #tellSoon (): void {
    if (this.#pictures.isChanged) this.#ticking ??= setTimeout(() => { this.#tell() }, this.#options.timings.tickMs)
  }

  #tell (): void {
    clearTimeout(this.#ticking)
    this.#ticking = undefined
    const audiences = new Audiences()
    for (const presence of this.#pictures.tellChanges()) audiences.add(presence, this.#unaware(presence))
    this.#ahead.clear()
    for (const { connectionIds, users } of audiences) this.#options.tell(connectionIds, users)
  }

  /** Who does not know of a change. */
  * #unaware ({ userId, status }: Presence): Iterable<string> {
    const ahead = this.#ahead.get(userId)
    for (const watcher of this.#watches.viewersOf(userId)) {
      if (ahead?.get(watcher) !== status) yield watcher.connectionId
    }
  }

  #markStale (): void {
    for (const { index } of this.#options.partitions) this.#stale.add(index)
  }

  /** Finds out of whom it is not sure any more what they were said to be. */
  #doubt (): void {
    const isLong = performance.now() - this.#readAt > this.#options.timings.refreshMs
    if (isLong || !this.#subscriptions.isSound) this.#markStale()
    this.#subscriptions.mend()
    const lost = new Set<number>()
    for (const { index, lives, isOutOfTouch } of this.#options.partitions) {
      if (isOutOfTouch) lost.add(index)
      if (isOutOfTouch || this.#livesRead.get(index) !== lives) this.#stale.add(index)
      this.#livesRead.set(index, lives)
    }
    if (lost.size === 0) return
    for (const userId of this.#watches.people) {
      if (lost.has(partitionOf(userId))) this.#pictures.take({ userId, status: 'unknown', lastSeenAt: null }, 0)
    }
    this.#tellSoon()
  }

  async #reread (): Promise<void> {
    const stale = this.#stale
    if (stale.size === 0) return
    if (stale.size === this.#options.partitions.length) this.#readAt = performance.now()
    this.#stale = new Set()
    const userIds = [...this.#watches.people].filter((userId) => stale.has(partitionOf(userId)))
    const news = await this.#options.reader.ask(userIds)
    const found: News[] = []
    for (const item of news) {
      // What cannot be known for a moment changes nothing: it is asked again.
      if (item.status === 'unknown') this.#stale.add(partitionOf(item.userId))
      else if (!this.#pictures.confirm(item)) found.push(item)
    }
    try {
      this.#take(await this.#options.reader.complete(found), found)
    } catch (error) {
      for (const index of stale) this.#stale.add(index)
      throw error
    }
    this.#tellSoon()
  }

  /** The presences that were made of these news, one of each. */
  #take (presences: Presence[], news: News[]): void {
    for (const [index, presence] of presences.entries()) {
      if (this.#watches.isWatched(presence.userId)) this.#pictures.take(presence, news[index]?.version ?? 0)
    }
  }

  async #recheck (): Promise<void> {
    if (this.#moved.size === 0) return
    const moved = this.#moved
    this.#moved = new Set()
    const { appeared, vanished } = await findMoves(this.#watches, this.#options.rules, moved).catch((error: unknown) => {
      this.moved(moved)
      throw error
    })
    for (const [watcher, userIds] of vanished) {
      for (const userId of userIds) this.#watches.set(watcher, userId, 'hidden')
      this.#prune(userIds)
      this.#options.tell([watcher.connectionId], userIds.map(hiddenPresence))
    }
    for (const [watcher, userIds] of appeared) {
      for (const userId of userIds) this.#watches.set(watcher, userId, 'asking')
      const shown = await this.#show(watcher, userIds)
      this.#prune(userIds)
      this.#options.tell([watcher.connectionId], [...shown.values()])
    }
  }
}

/** Those of whom it is so, and the others. */
function divide (userIds: string[], isSo: (userId: string) => boolean): [string[], string[]] {
  const [these, others]: [string[], string[]] = [[], []]
  for (const userId of userIds) (isSo(userId) ? these : others).push(userId)
  return [these, others]
}
