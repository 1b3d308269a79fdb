import type { MembershipNotices } from './members.ts'

/** Hands what the verbs say on to whoever listens; until somebody does, nobody hears it. */
export function createNotices (): MembershipNotices & { listen: (listener: Partial<MembershipNotices>) => void } {
  const listeners: Array<Partial<MembershipNotices>> = []
  return {
    listen (listener) { listeners.push(listener) },
    changed (userId) { for (const listener of listeners) listener.changed?.(userId) },
    roomDeleted (roomId) { for (const listener of listeners) listener.roomDeleted?.(roomId) },
    readMarked (mark) { for (const listener of listeners) listener.readMarked?.(mark) }
  }
}
