import { groupBy } from '../group.ts'
import type { CommandRecord } from '../history.ts'
import { short, type Violation } from './violation.ts'

interface Placed {
  command: CommandRecord
  seq: number
}

/** Commands of one connection to one room stand in the order in which they were asked: those that needed no second attempt. */
export function checkOrder (commands: CommandRecord[]): Violation[] {
  return findOvertaken(commands, ({ attempts: [first, ...others] }) => others.length === 0 && first?.via === 'socket' ? first.connectionId : undefined)
}

/**
 * Messages of the SDK that stand behind a later one. It sends on without waiting for acks: when one is refused for a moment,
 * those behind it may be on their way already, and go through. No violation, but worth counting.
 */
export function countOvertaken (commands: CommandRecord[]): number {
  return findOvertaken(commands, ({ attempts: [first], kind, client }) => first?.via === 'sdk' && kind === 'send' ? client : undefined).length
}

/** @param lineOf names the line in which a command stands, if it stands in one */
function findOvertaken (commands: CommandRecord[], lineOf: (command: CommandRecord) => string | undefined): Violation[] {
  const placed = commands.flatMap((command) => {
    const line = lineOf(command)
    const seq = placeOf(command)
    return line === undefined || seq === undefined ? [] : [{ line: `${line} ${command.roomId}`, command, seq }]
  })
  return [...groupBy(placed, ({ line }) => line).values()].flatMap((line) => line.flatMap((after, index) => {
    const before = line[index - 1]
    return before && before.seq > after.seq ? [toViolation(before, after)] : []
  }))
}

/** Where it stands; a reaction that stood already says nothing about when it was asked for. */
function placeOf ({ attempts, kind }: CommandRecord): number | undefined {
  if (kind === 'react' || kind === 'unreact') return undefined
  return attempts.map(({ outcome }) => outcome?.ok ? outcome.seq : null).find((seq) => seq !== null)
}

function toViolation (before: Placed, { command, seq }: Placed): Violation {
  const { client, roomId, id } = command
  const sentence = `${client} asked for ${short(before.command.id)} and then for ${short(id)} on one connection; they stand at seq ${before.seq} and ${seq}.`
  return { kind: 'reordered', roomId, client, seq, commandId: id, sentence }
}
