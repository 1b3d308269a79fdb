import type { RoomEvent } from '../../../contract/index.ts'
import type { Random } from '../random.ts'
import type { Intern } from './intern.ts'

export interface ClientOptions {
  /** The balancer's. */
  url: string
  transports: Array<'websocket' | 'polling'>
  random: Random
  intern: Intern
  /** The first time that this client has this event. */
  onEvent: (event: RoomEvent) => void
}
