import type { StoreApi } from 'zustand/vanilla'
import type { User } from '../../contract/index.ts'
import { ParleyError, type Parley } from '../../sdk/index.ts'
import type { SessionView } from './session-store.ts'

/** Questions on their way at once. */
const atOnce = 4

export interface People {
  /** Somebody has told who these are. */
  learn: (users: readonly User[]) => void
  /** Looks up those that are not known, each once. */
  need: (userIds: readonly string[]) => void
}

/** Who people are: what the store's `users` holds, looked up when somebody wants to show them. */
export function createPeople (parley: Parley, store: StoreApi<SessionView>): People {
  const waiting = new Set<string>()
  const asked = new Set<string>()
  let running = 0

  function learn (users: readonly User[]): void {
    const known = store.getState().users
    const news = users.filter((user) => !isSame(known[user.id], user))
    if (news.length > 0) store.setState({ users: { ...known, ...Object.fromEntries(news.map((user) => [user.id, user])) } })
  }

  function need (userIds: readonly string[]): void {
    const { users } = store.getState()
    for (const userId of userIds) if (!users[userId] && !asked.has(userId)) waiting.add(userId)
    while (running < atOnce && waiting.size > 0) void work()
  }

  async function work (): Promise<void> {
    running++
    for (const userId of waiting) {
      waiting.delete(userId)
      asked.add(userId)
      await ask(userId)
    }
    running--
  }

  async function ask (userId: string): Promise<void> {
    try {
      learn([(await parley.call('getOtherUser', { params: { userId } })).user])
    } catch (error) {
      // Whoever shows this person next asks again, unless there is nobody.
      if (!(error instanceof ParleyError)) throw error
      if (error.code !== 'user.not_found') asked.delete(userId)
    }
  }

  return { learn, need }
}

function isSame (known: User | undefined, { username, displayName }: User): boolean {
  return known?.username === username && known.displayName === displayName
}
