import type { History } from '../history.ts'
import type { Truth } from '../truth.ts'
import { checkAnswers } from './answers.ts'
import { checkCommands } from './commands.ts'
import { checkConnection } from './connection.ts'
import { checkLogs } from './logs.ts'
import { checkMemberships } from './memberships.ts'
import { checkOrder } from './order.ts'
import { checkRemovals } from './removals.ts'
import type { Violation } from './violation.ts'

export * from './violation.ts'

/**
 * Decides whether a history keeps the promises. Pure: no network, no clock.
 *
 * @param history what the clients sent, were acked and saw
 * @param truth what Postgres holds in the end
 * @returns every violation that was found; none when all is well
 */
export function checkHistory ({ clients, commands }: History, truth: Truth): Violation[] {
  const byId = new Map(commands.map((command) => [command.id, command]))
  return [
    ...checkCommands(commands, truth),
    ...checkOrder(commands),
    ...checkAnswers(commands),
    ...clients.flatMap((client) => [
      ...client.connections.flatMap((connection) => checkConnection(client, connection, truth)),
      ...checkRemovals(client, truth),
      ...checkLogs(client, truth, byId),
      ...checkMemberships(client, truth)
    ])
  ]
}
