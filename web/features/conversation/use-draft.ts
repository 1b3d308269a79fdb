import { useCallback, useEffect, useMemo, useState } from 'react'
import { createDrafts, type Draft } from './composer/drafts.ts'

/** What is begun in a room; found again when one comes back to it. */
export function useDraft (roomId: string, userId: string): [Draft, (news: Partial<Draft>) => void] {
  const drafts = useMemo(() => createDrafts(sessionStorage, userId), [userId])
  const [draft, setDraft] = useState(() => drafts.read(roomId))
  useEffect(() => { drafts.write(roomId, draft) }, [drafts, roomId, draft])
  return [draft, useCallback((news) => { setDraft((before) => ({ ...before, ...news })) }, [])]
}
