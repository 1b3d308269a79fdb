import type { Parley } from '../../sdk/index.ts'
import { ParleyError } from '../../sdk/index.ts'

export interface PresenceWatcher {
  /** Watches somebody until the function it returns is called. */
  watch: (userId: string) => () => void
}

/** Collects whom components want to watch within one turn, so that a list of people is one question. */
export function createPresenceWatcher (parley: Parley): PresenceWatcher {
  const counts = new Map<string, number>()
  const watched = new Set<string>()
  let isPlanned = false

  function plan (): void {
    if (isPlanned) return
    isPlanned = true
    queueMicrotask(() => {
      isPlanned = false
      settle()
    })
  }

  function settle (): void {
    if (!parley.user) return watched.clear()
    const wanted = [...counts.keys()]
    const added = wanted.filter((userId) => !watched.has(userId))
    const gone = [...watched].filter((userId) => !counts.has(userId))
    for (const userId of added) watched.add(userId)
    for (const userId of gone) watched.delete(userId)
    if (gone.length > 0) parley.presence.unwatch(gone)
    if (added.length > 0) parley.presence.watch(added).catch((error: unknown) => { failed(added, error) })
  }

  function failed (userIds: readonly string[], error: unknown): void {
    for (const userId of userIds) watched.delete(userId)
    if (!(error instanceof ParleyError)) throw error
  }

  // The client forgets whom it watched when somebody else signs in.
  let ownerId: string | undefined
  parley.on('user', (user) => {
    if (user?.id === ownerId) return
    ownerId = user?.id
    watched.clear()
    plan()
  })

  return {
    watch (userId) {
      counts.set(userId, (counts.get(userId) ?? 0) + 1)
      plan()
      return () => {
        const count = (counts.get(userId) ?? 1) - 1
        if (count > 0) counts.set(userId, count)
        else counts.delete(userId)
        plan()
      }
    }
  }
}
