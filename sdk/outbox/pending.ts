import type { CommandData, CommandPayload } from '../../contract/index.ts'
import type { ParleyError } from '../errors.ts'

/** Commands that are kept until they are acked or refused. */
export type OutboxCommand = 'message:send' | 'message:edit' | 'message:delete' | 'reaction:add' | 'reaction:remove'

/**
 * A command of one's own on its way into a room's log. A value: a change makes a new one.
 *
 * - `pending`: waits, or is on its way; it is repeated until the server has answered.
 * - `sent`: acked; it leaves the list when its event has been delivered.
 * - `failed`: refused for good; `error` says why. It stays until `retry()` or `discard()`.
 */
export interface PendingOf<Command extends OutboxCommand> {
  readonly command: Command
  /** The id that names it, also in the log. */
  readonly id: string
  readonly roomId: string
  readonly payload: CommandPayload<Command>
  readonly state: 'pending' | 'sent' | 'failed'
  readonly error?: ParleyError
  /** When the app asked, by this machine's clock. */
  readonly at: string
}

/** Any of them; `command` tells which. */
export type Pending = { [Command in OutboxCommand]: PendingOf<Command> }[OutboxCommand]

/** The event of the log that an ack speaks of; undefined when there was nothing to do. */
export function seqOf (data: CommandData<OutboxCommand>): number | undefined {
  return 'message' in data ? data.message.seq : data.event?.seq
}
