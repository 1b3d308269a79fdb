import type { ClientHistory, CommandRecord } from '../history.ts'
import type { Stay } from '../presence/stays.ts'

/** One device of one person, of either kind. */
export interface Client {
  readonly name: string
  readonly userId: string
  readonly history: ClientHistory
  /** Connected, told of its rooms, and not behind in any of them. */
  readonly isCurrent: boolean
  readonly isConnected: boolean
  /** The node that it is connected to, or was last. */
  readonly node: string | undefined
  /** When it was connected, and where. */
  readonly stays: Stay[]
  /** Connections so far. */
  readonly connectionCount: number
  /** Times that it asked for what it had missed. */
  readonly syncCount: number
  /** The rooms it is in, as far as it was told. */
  readonly roomIds: ReadonlySet<string>
  /** Its log of the room is whole up to here. */
  topOf (roomId: string): number
  /** Whether it has seen an event with this id. */
  hasSeen (id: string): boolean
  /** Does what the record says and writes down how it went; settles when it is acked, refused or given up. */
  perform (command: CommandRecord): Promise<void>
  /** Like `perform` for a message, by the socket that is open now and no other way; settles when that is over. */
  say (command: CommandRecord): Promise<void>
  /** Enters a public room, or leaves one, once; settles with whatever comes of it, since Postgres knows better. */
  move (direction: 'join' | 'leave', roomId: string): Promise<void>
  start (): void
  close (): void
}
