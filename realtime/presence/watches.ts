/** asking: the picture is on its way · shown: changes are told · hidden: the watcher may not see them. */
export type WatchState = 'asking' | 'shown' | 'hidden'

/** A connection that watches. */
export interface Watcher {
  connectionId: string
  viewerId: string
  /** By user id. */
  states: Map<string, WatchState>
}

/** Who watches whom, on this node. Pure. */
export class Watches {
  readonly #watchers = new Map<string, Watcher>()
  /** Of each person, who asks for or sees their picture. */
  readonly #viewersOf = new Map<string, Set<Watcher>>()

  /** Everybody whose changes somebody here needs to hear of. */
  get people (): Iterable<string> {
    return this.#viewersOf.keys()
  }

  get watchers (): Iterable<Watcher> {
    return this.#watchers.values()
  }

  get peopleCount (): number {
    return this.#viewersOf.size
  }

  get watcherCount (): number {
    return this.#watchers.size
  }

  /** The watcher of a connection, made if there is none. */
  open (connectionId: string, viewerId: string): Watcher {
    const watcher = this.#watchers.get(connectionId) ?? { connectionId, viewerId, states: new Map<string, WatchState>() }
    this.#watchers.set(connectionId, watcher)
    return watcher
  }

  find (connectionId: string): Watcher | undefined {
    return this.#watchers.get(connectionId)
  }

  isWatched (userId: string): boolean {
    return this.#viewersOf.has(userId)
  }

  /** Those who are told when this person changes. */
  * viewersOf (userId: string): Iterable<Watcher> {
    for (const watcher of this.#viewersOf.get(userId) ?? []) if (watcher.states.get(userId) === 'shown') yield watcher
  }

  set (watcher: Watcher, userId: string, state: WatchState): void {
    const before = watcher.states.get(userId)
    watcher.states.set(userId, state)
    if (state === 'hidden') this.#drop(watcher, userId)
    else if (before === undefined || before === 'hidden') this.#add(watcher, userId)
  }

  remove (watcher: Watcher, userId: string): void {
    watcher.states.delete(userId)
    this.#drop(watcher, userId)
  }

  /** The connection is gone. What is still on its way to it finds nobody. */
  forget (watcher: Watcher): void {
    this.#watchers.delete(watcher.connectionId)
    for (const userId of watcher.states.keys()) this.#drop(watcher, userId)
    watcher.states.clear()
  }

  #add (watcher: Watcher, userId: string): void {
    const viewers = this.#viewersOf.get(userId)
    if (viewers) viewers.add(watcher)
    else this.#viewersOf.set(userId, new Set([watcher]))
  }

  #drop (watcher: Watcher, userId: string): void {
    const viewers = this.#viewersOf.get(userId)
    viewers?.delete(watcher)
    if (viewers?.size === 0) this.#viewersOf.delete(userId)
  }
}
