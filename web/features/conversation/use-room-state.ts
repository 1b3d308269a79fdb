import { useCallback, useEffect, useState, useSyncExternalStore } from 'react'
import type { Pending, Room } from '../../../sdk/index.ts'
import { toast } from '../../ui/toasts.ts'

/** What I have asked for in a room and what is not known to be done. */
export function usePending (room: Room): readonly Pending[] {
  const pending = useSyncExternalStore(useCallback((listener) => room.on('pending', listener), [room]), () => room.pending)
  // A message that was refused stays, for its text is worth something. Of anything else it is enough to say so.
  useEffect(() => {
    for (const { id, command, state, error } of pending) {
      if (state !== 'failed' || command === 'message:send') continue
      toast(error?.message ?? 'That was refused.', { isError: true })
      room.discard(id)
    }
  }, [room, pending])
  return pending
}

export function useTyping (room: Room): ReadonlySet<string> {
  return useSyncExternalStore(useCallback((listener) => room.on('typing', listener), [room]), () => room.typing)
}

const focusEvents = ['focus', 'blur', 'visibilitychange'] as const

/** Whether somebody looks at this window, as far as it can know. */
export function useWindowFocus (): boolean {
  return useSyncExternalStore(listenToFocus, () => document.visibilityState === 'visible' && document.hasFocus())
}

function listenToFocus (listener: () => void): () => void {
  for (const name of focusEvents) addEventListener(name, listener)
  return () => { for (const name of focusEvents) removeEventListener(name, listener) }
}

/**
 * Marks as read what is seen, and remembers where it began to be new: the line stays while one reads, and moves when
 * something comes that one does not see.
 */
export function useReading (room: Room, { unread, isSeen, lastSeq }: { unread: number, isSeen: boolean, lastSeq: number }) {
  const [newAfter, setNewAfter] = useState(() => room.unread > 0 ? room.readSeq : undefined)
  const hasUnread = unread > 0
  useEffect(() => { if (!isSeen && hasUnread) setNewAfter(room.readSeq) }, [room, isSeen, hasUnread])
  useEffect(() => { if (isSeen) room.markRead() }, [room, isSeen, lastSeq])
  return { newAfter, clearNew: useCallback(() => { setNewAfter(undefined) }, []) }
}
