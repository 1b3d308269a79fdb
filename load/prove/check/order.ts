import { groupBy } from '../group.ts'
import type { CommandRecord } from '../history.ts'
import { short, type Violation } from './violation.ts'

/**
 * Commands to one room stay in the order in which they were asked: of one connection those that went through at the first
 * attempt; of the SDK, which keeps the order over reconnects, all its messages.
 */
export function checkOrder (commands: CommandRecord[]): Violation[] {
  const lines = groupBy(commands.flatMap((command) => lineOf(command) ?? []), ({ line }) => line)
  return [...lines.values()].flatMap((line) => line.flatMap(({ command, seq }, index) => {
    const before = line[index - 1]
    if (!before || before.seq < seq) return []
    const { client, roomId, id } = command
    const sentence = `${client} asked for ${short(before.command.id)} and then for ${short(id)} on one connection; they stand at seq ${before.seq} and ${seq}.`
    return [{ kind: 'reordered' as const, roomId, client, seq, commandId: id, sentence }]
  }))
}

function lineOf (command: CommandRecord): { line: string, command: CommandRecord, seq: number } | undefined {
  const { attempts, client, kind, roomId } = command
  const [first] = attempts
  const seq = attempts.map(({ outcome }) => outcome?.ok ? outcome.seq : null).find((acked) => acked !== null)
  if (seq === undefined || seq === null || kind === 'react' || kind === 'unreact') return undefined
  if (first?.via === 'sdk') return kind === 'send' ? { line: `${client} ${roomId}`, command, seq } : undefined
  if (attempts.length > 1 || first?.via !== 'socket') return undefined
  return { line: `${first.connectionId} ${roomId}`, command, seq }
}
