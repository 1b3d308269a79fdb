import type { ConnectionView } from '../stores/session-store.ts'

export interface ConnectionWords {
  text: string
  /** Whether trying at once would make a difference. */
  canTry: boolean
  tone: 'warning' | 'danger'
}

/** How it stands, without painting it better or worse. */
export function describeConnection ({ state, retryAt }: ConnectionView, { now, isOnline }: { now: number, isOnline: boolean }): ConnectionWords {
  if (state === 'refused') return { text: 'This server does not let this page connect.', canTry: true, tone: 'danger' }
  if (state === 'signed-out' || state === 'closed') return { text: 'You are signed out.', canTry: false, tone: 'warning' }
  if (!isOnline) return { text: 'You are offline. What you write is sent when you are back.', canTry: false, tone: 'warning' }
  const seconds = retryAt === undefined ? 0 : Math.ceil((retryAt - now) / 1000)
  const begun = state === 'connecting' ? 'The server does not answer yet.' : 'The connection is lost.'
  if (seconds > 0) return { text: `${begun} Trying again in ${seconds} s. What you write is sent then.`, canTry: true, tone: 'warning' }
  return { text: state === 'connecting' ? 'Connecting …' : 'Reconnecting …', canTry: false, tone: 'warning' }
}
