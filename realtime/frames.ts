import { limits, type RoomEvent } from '../contract/index.ts'

/** An upper bound of an event's JSON in bytes, without encoding it: a character takes at most six. */
function mostBytes (event: RoomEvent): number {
  const text = 'text' in event.data ? event.data.text?.length ?? 0 : 500
  return 400 + 6 * text
}

export function jsonBytes (value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value))
}

/** Cuts events into frames of at most 64 kB each. */
export function * toFrames (events: RoomEvent[]): Generator<RoomEvent[]> {
  let most = 0
  for (const event of events) most += mostBytes(event)
  if (most <= limits.frameBytes) {
    yield events
    return
  }
  const room = limits.frameBytes - 200
  let frame: RoomEvent[] = []
  let size = 0
  for (const event of events) {
    const bytes = jsonBytes(event) + 1
    if (frame.length > 0 && size + bytes > room) {
      yield frame
      frame = []
      size = 0
    }
    frame.push(event)
    size += bytes
  }
  yield frame
}
