import { useEffect, useState } from 'react'
import { untilLifted } from '../../../../contract/index.ts'
import { useAccount, useMember, useRoom } from '../../../stores/hooks.ts'
import { toShortTime } from '../text/times.ts'

/** Why I may not write in a room; undefined when I may. It changes by itself when a mute has passed. */
export function useSilence (roomId: string): string | undefined {
  const room = useRoom(roomId)
  const mutedUntil = useMember(roomId, useAccount().id)?.mutedUntil ?? null
  const isMuted = useIsFuture(mutedUntil)
  if (!room) return 'You are not in this room.'
  if (room.archivedAt !== null) return 'This room is archived: it can be read, not written to.'
  if (!isMuted || mutedUntil === null) return undefined
  return mutedUntil === untilLifted ? 'You are muted in this room.' : `You are muted in this room until ${toShortTime(mutedUntil)}.`
}

/** No timer waits longer than this. */
const longestMs = 3_600_000

function useIsFuture (at: string | null): boolean {
  const [now, setNow] = useState(() => Date.now())
  const leftMs = at === null ? 0 : Date.parse(at) - now
  useEffect(() => {
    if (leftMs <= 0) return
    const timer = setTimeout(() => { setNow(Date.now()) }, Math.min(leftMs + 50, longestMs))
    return () => { clearTimeout(timer) }
  }, [leftMs])
  return leftMs > 0
}
