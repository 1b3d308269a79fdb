import { createStore } from 'zustand/vanilla'

/** What one wants to be notified of: mentions and direct messages, every message, or nothing. */
export type Notices = 'calls' | 'all' | 'none'

const key = 'parley:notices'

function read (): Notices {
  const stored = localStorage.getItem(key)
  return stored === 'all' || stored === 'none' ? stored : 'calls'
}

export const noticeStore = createStore<{ wanted: Notices }>(() => ({ wanted: read() }))

export function chooseNotices (wanted: Notices): void {
  localStorage.setItem(key, wanted)
  noticeStore.setState({ wanted })
}
