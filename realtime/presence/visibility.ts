import type { PresenceRules } from '../../domain/presence.ts'
import type { Watcher, Watches } from './watches.ts'

/** Of each watcher, people whom they may see now, and whom they may not see any more. */
export interface Moves {
  appeared: Map<Watcher, string[]>
  vanished: Map<Watcher, string[]>
}

/** What it changes, for those who watch here, that these users have entered or left a room. */
export async function findMoves (watches: Watches, rules: PresenceRules, moved: Set<string>): Promise<Moves> {
  const pairs = [...affectedPairs(watches, moved)]
  const visible = new Set(await rules.filterVisible(pairs))
  const moves: Moves = { appeared: new Map(), vanished: new Map() }
  for (const pair of pairs) {
    const state = pair.watcher.states.get(pair.userId)
    if (state === 'hidden' && visible.has(pair)) add(moves.appeared, pair)
    else if (state !== undefined && state !== 'hidden' && !visible.has(pair)) add(moves.vanished, pair)
  }
  return moves
}

interface WatchedPair {
  watcher: Watcher
  viewerId: string
  userId: string
}

function * affectedPairs (watches: Watches, moved: Set<string>): Iterable<WatchedPair> {
  for (const watcher of watches.watchers) {
    const { viewerId, states } = watcher
    for (const userId of moved.has(viewerId) ? states.keys() : moved) {
      if (states.has(userId)) yield { watcher, viewerId, userId }
    }
  }
}

function add (moves: Map<Watcher, string[]>, { watcher, userId }: WatchedPair): void {
  moves.set(watcher, [...moves.get(watcher) ?? [], userId])
}
