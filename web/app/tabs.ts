/**
 * The tabs of one browser have one cookie between them. Whoever signs in or out tells the others, which then ask the
 * server who they are; nothing that a tab says is believed.
 */
export function openTabs (onNews: () => void): { tell: () => void } {
  const channel = new BroadcastChannel('parley:session')
  channel.addEventListener('message', onNews)
  return { tell: () => { channel.postMessage('changed') } }
}
