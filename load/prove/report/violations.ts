import { short, violationKinds, type Violation } from '../check/index.ts'
import { groupBy } from '../group.ts'
import type { Attempt, CommandRecord, History } from '../history.ts'
import type { Truth } from '../truth.ts'
import type { FaultResult } from './report.ts'

const mostOfAKind = 5
const mostWithContext = 40

/** Adds to each of the first violations what is known of the place that it is about. */
export function addContext (violations: Violation[], history: History, truth: Truth, faults: FaultResult[], startedAt: number): Violation[] {
  const commands = new Map(history.commands.map((command) => [command.id, command]))
  const inSeconds = (at: number): string => `${((at - startedAt) / 1000).toFixed(2)} s`
  return violations.map((violation, index) => {
    if (index >= mostWithContext) return violation
    const { roomId = '', seq, commandId, client, at } = violation
    const event = truth.get(roomId)?.events[(seq ?? 0) - 1]
    const command = commands.get(commandId ?? event?.id ?? '')
    const context = [
      ...(violation.context ?? []),
      ...(event ? [`in the database: ${JSON.stringify(event)}`] : []),
      ...(command ? [describeCommand(command, inSeconds)] : []),
      ...(seq === undefined ? [] : describeSightings(history, { roomId, seq, client }, inSeconds)),
      ...(at === undefined ? [] : [`at ${inSeconds(at)}`, ...describeFaults(faults, at - startedAt)]),
      ...(event ? describeFaults(faults, new Date(event.at).getTime() - startedAt) : [])
    ]
    return { ...violation, context }
  })
}

function describeCommand ({ client, kind, id, attempts }: CommandRecord, inSeconds: (at: number) => string): string {
  const describe = ({ at, via, connectionId, outcome }: Attempt): string => {
    const result = !outcome ? 'no answer' : outcome.ok ? `acked as ${outcome.seq} at ${inSeconds(outcome.at)}` : `${outcome.code} at ${inSeconds(outcome.at)}`
    return `${inSeconds(at)} by ${via}${connectionId === undefined ? '' : ` ${connectionId}`}: ${result}`
  }
  return `${client} asked (${kind} ${short(id)}): ${attempts.map(describe).join('; ')}`
}

/** Who saw this event or its neighbours, when, and on which connection. */
function describeSightings (
  { clients }: History, { roomId, seq, client }: { roomId: string, seq: number, client: string | undefined }, inSeconds: (at: number) => string
): string[] {
  return clients.filter(({ name }) => client === undefined || name === client).flatMap(({ name, connections }) => connections.flatMap(({ id, frames }) =>
    frames.flatMap((frame) => {
      if (frame.kind === 'ready') {
        const room = frame.rooms.find((baseline) => baseline.roomId === roomId)
        return room ? [`${inSeconds(frame.at)} ${name} ${id}: ready on ${frame.node} at ${room.lastSeq}`] : []
      }
      if (frame.roomId !== roomId) return []
      if (frame.kind === 'left') return [`${inSeconds(frame.at)} ${name} ${id}: left`]
      if (frame.kind === 'joined') return [`${inSeconds(frame.at)} ${name} ${id}: joined at ${frame.lastSeq}`]
      const seqs = frame.events.map((event) => event.seq)
      const isNear = seqs.some((each) => Math.abs(each - seq) <= 2)
      return isNear ? [`${inSeconds(frame.at)} ${name} ${id}: ${frame.kind} ${seqs[0]}${seqs.length > 1 ? `–${seqs.at(-1)}` : ''}`] : []
    })
  )).slice(-30)
}

function describeFaults (faults: FaultResult[], atMs: number): string[] {
  return faults
    .filter((fault) => fault.atMs - 1000 <= atMs && atMs <= fault.liftedAtMs + (fault.healedMs ?? 0) + 1000)
    .map(({ name, detail, atMs: begun }) => `around then: ${name} (${detail}) from ${(begun / 1000).toFixed(2)} s on`)
}

/** A few of each kind, and how many more there are. */
export function formatViolations (violations: Violation[]): string {
  return [...groupBy(violations, ({ kind }) => kind)].map(([kind, same]) => {
    const shown = same.slice(0, mostOfAKind).map(({ sentence, context = [] }) => [`  ${sentence}`, ...context.map((line) => `      ${line}`)].join('\n'))
    const more = same.length > mostOfAKind ? [`  … and ${same.length - mostOfAKind} more`] : []
    return [`${kind} (${violationKinds[kind]}): ${same.length}`, ...shown, ...more].join('\n')
  }).join('\n')
}
