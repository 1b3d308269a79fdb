import { endReasons, type EndReason } from '../../contract/index.ts'

export interface Tabs {
  /** Somebody signed in here, or a session ended, for this reason as far as it is known. */
  tell: (reason?: EndReason) => void
}

/**
 * The tabs of one browser have one cookie between them. Whoever signs in or out tells the others, which then ask the
 * server who they are: of what a tab says only the reason is taken, for the words.
 */
export function openTabs (onNews: (reason: EndReason | undefined) => void): Tabs {
  const channel = new BroadcastChannel('parley:session')
  channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => { onNews(endReasons.find((reason) => reason === data)) })
  return { tell: (reason) => { channel.postMessage(reason) } }
}
