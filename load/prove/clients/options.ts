import type { RoomEvent } from '../../../contract/index.ts'
import type { Random } from '../random.ts'
import type { Intern } from './intern.ts'

export interface ClientOptions {
  /** The balancer's. */
  url: string
  transports: Array<'websocket' | 'polling'>
  random: Random
  intern: Intern
  /** The first time that this client has this event; it may be from before the client was let in. */
  onEvent: (event: RoomEvent, at: number, isHistory: boolean) => void
}

/** From where on these events happened while this user was in the room. */
export function firstOfStay (events: readonly RoomEvent[], userId: string): number {
  return Math.max(0, events.findLastIndex((event) => event.type === 'member.joined' && event.data.userId === userId))
}
