import type { RoomEvent } from '../../../contract/index.ts'

/**
 * What each message says after these events, by seq. A text that is missing in an event was replaced by a later one, or
 * its message deleted: the later event says so.
 */
export function replayTexts (events: RoomEvent[]): Map<number, string | null> {
  const texts = new Map<number, string | null>()
  const deleted = new Set<number>()
  for (const event of events) {
    if (event.type === 'message.sent') {
      texts.set(event.seq, event.data.text)
    } else if (event.type === 'message.edited' && event.data.text !== null && !deleted.has(event.data.seq)) {
      texts.set(event.data.seq, event.data.text)
    } else if (event.type === 'message.deleted') {
      deleted.add(event.data.seq)
      texts.set(event.data.seq, null)
    }
  }
  return texts
}
