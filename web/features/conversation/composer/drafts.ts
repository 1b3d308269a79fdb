export interface Draft {
  text: string
  replyTo: number | undefined
}

const empty: Draft = { text: '', replyTo: undefined }

const prefix = 'parley:draft:'

/** Whoever signs out leaves nothing for the next one at this browser. */
export function forgetDrafts (storage: Storage): void {
  for (const key of Object.keys(storage)) if (key.startsWith(prefix)) storage.removeItem(key)
}

/** What was begun and not sent, by person and room; as long as the tab is open. */
export function createDrafts (storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>, userId: string) {
  const keyOf = (roomId: string) => `${prefix}${userId}:${roomId}`
  return {
    read (roomId: string): Draft {
      return parse(storage.getItem(keyOf(roomId)))
    },
    write (roomId: string, { text, replyTo }: Draft): void {
      if (text === '' && replyTo === undefined) storage.removeItem(keyOf(roomId))
      else storage.setItem(keyOf(roomId), JSON.stringify({ text, replyTo }))
    }
  }
}

function parse (stored: string | null): Draft {
  if (stored === null) return empty
  try {
    const { text, replyTo } = JSON.parse(stored) as { text?: unknown, replyTo?: unknown }
    return { text: typeof text === 'string' ? text : '', replyTo: typeof replyTo === 'number' ? replyTo : undefined }
  } catch {
    // Not ours: as good as none.
    return empty
  }
}
