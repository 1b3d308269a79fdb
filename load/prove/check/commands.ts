import type { RoomEvent } from '../../../contract/index.ts'
import { groupBy } from '../group.ts'
import type { CommandKind, CommandRecord, Outcome } from '../history.ts'
import type { RoomTruth, Truth } from '../truth.ts'
import { short, type Violation } from './violation.ts'

type Acked = Extract<Outcome, { ok: true }>

const eventTypes: Record<CommandKind, RoomEvent['type']> = {
  send: 'message.sent',
  edit: 'message.edited',
  delete: 'message.deleted',
  react: 'reaction.added',
  unreact: 'reaction.removed'
}
const commandTypes = new Set<string>(Object.values(eventTypes))

/** Nothing acked is lost, nothing is there twice, and the log holds nothing that nobody asked for. */
export function checkCommands (commands: CommandRecord[], truth: Truth): Violation[] {
  const byRoom = groupBy(commands, ({ roomId }) => roomId)
  return [...truth.values()].flatMap((room) => checkRoom(byRoom.get(room.roomId) ?? [], room))
    .concat(commands.filter(({ roomId }) => !truth.has(roomId)).flatMap((command) => ackedOf(command).map(() => lost(command, 'the whole room is gone'))))
}

function checkRoom (commands: CommandRecord[], room: RoomTruth): Violation[] {
  const events = groupBy(room.events, ({ id }) => id)
  const ids = new Set(commands.map(({ id }) => id))
  const editedTexts = groupBy(commands.filter(({ kind }) => kind === 'edit'), ({ targetSeq }) => targetSeq)
  return [
    ...checkSeqs(room),
    ...[...events.values()].filter((same) => same.length > 1).map((same) => doubled(room, same)),
    ...room.events.filter(({ id, type }) => commandTypes.has(type) && !ids.has(id)).map((event) => invented(room, event)),
    ...commands.flatMap((command) => checkCommand(command, events.get(command.id)?.[0], room, (seq) => editedTexts.get(seq) ?? []))
  ]
}

function checkSeqs ({ roomId, name, events, lastSeq }: RoomTruth): Violation[] {
  const odd = events.find(({ seq }, index) => seq !== index + 1)
  if (odd) return [{ kind: 'gap', roomId, seq: odd.seq, sentence: `The database's log of ${name} has a hole before seq ${odd.seq}.` }]
  if (lastSeq === events.length) return []
  return [{ kind: 'gap', roomId, sentence: `The log of ${name} holds ${events.length} events, and the room says ${lastSeq}.` }]
}

function checkCommand (
  command: CommandRecord, event: RoomEvent | undefined, room: RoomTruth, editsOf: (seq: number) => CommandRecord[]
): Violation[] {
  const acks = ackedOf(command)
  const found: Violation[] = []
  const complain = (kind: Violation['kind'], sentence: string): void => {
    found.push({ kind, roomId: room.roomId, client: command.client, commandId: command.id, sentence, ...(event && { seq: event.seq }) })
  }
  const seqs = new Set(acks.flatMap(({ seq }) => seq ?? []))
  if (seqs.size > 1) complain('doubled', `${nameOf(command)} was acked as seq ${[...seqs].join(' and as seq ')}.`)
  if (event && !isOf(event, command)) complain('changed', `${nameOf(command)} stands in the log as another command: ${JSON.stringify(event)}.`)
  if (event && isRefusedForGood(command)) complain('refused', `${nameOf(command)} was refused, and stands in the log as seq ${event.seq}.`)

  for (const seq of seqs) {
    const there = room.events[seq - 1]
    if (!there) found.push(lost(command, `the log of ${room.name} ends at ${room.events.length}`))
    else if (there.id !== command.id && !isSameReaction(there, command)) found.push(lost(command, `at seq ${seq} stands another event, ${short(there.id)}`))
  }
  if (command.kind === 'send') {
    for (const { seq, text } of acks) {
      if (text === undefined || text === command.text || seq === null) continue
      const isLater = text === null ? room.texts.get(seq) === null : editsOf(seq).some((edit) => edit.text === text)
      if (!isLater) complain('changed', `${nameOf(command)} was acked with another text: ${JSON.stringify(text)}.`)
    }
  }
  return found
}

function isOf (event: RoomEvent, { kind, userId, text, targetSeq }: CommandRecord): boolean {
  if (event.type !== eventTypes[kind] || event.actorId !== userId) return false
  if (event.type === 'message.sent') return event.data.text === null || event.data.text === text
  if (event.type === 'message.edited' && event.data.text !== null && event.data.text !== text) return false
  return 'seq' in event.data && event.data.seq === targetSeq
}

/** A reaction that stood already is acked with the event that added it. */
function isSameReaction (event: RoomEvent, { kind, userId, targetSeq }: CommandRecord): boolean {
  return kind === 'react' && event.type === 'reaction.added' && event.actorId === userId && event.data.seq === targetSeq
}

/** Several attempts may have had several answers; of one, the refusal is the last word. */
function isRefusedForGood ({ attempts }: CommandRecord): boolean {
  const [first] = attempts
  return attempts.length === 1 && first?.outcome?.ok === false && !first.outcome.mayBeDone
}

function ackedOf ({ attempts }: CommandRecord): Acked[] {
  return attempts.flatMap(({ outcome }) => outcome?.ok ? outcome : [])
}

function nameOf ({ client, kind, id, text }: CommandRecord): string {
  return `What ${client} asked (${kind} ${short(id)}${text === undefined ? '' : `, ${JSON.stringify(text)}`})`
}

function lost (command: CommandRecord, why: string): Violation {
  const { roomId, client, id } = command
  const [seq] = ackedOf(command).flatMap((ack) => ack.seq ?? [])
  return {
    kind: 'lost',
    roomId,
    client,
    commandId: id,
    ...(seq !== undefined && { seq }),
    sentence: `${nameOf(command)} was acked as seq ${seq ?? '?'} and is lost: ${why}.`
  }
}

function doubled ({ roomId, name }: RoomTruth, events: RoomEvent[]): Violation {
  const [event] = events as [RoomEvent]
  const sentence = `The id ${short(event.id)} stands ${events.length} times in the log of ${name}: at seq ${events.map(({ seq }) => seq).join(', ')}.`
  return { kind: 'doubled', roomId, seq: event.seq, commandId: event.id, sentence }
}

function invented ({ roomId, name }: RoomTruth, { seq, id, type }: RoomEvent): Violation {
  return { kind: 'invented', roomId, seq, commandId: id, sentence: `The log of ${name} holds a ${type} at seq ${seq} that nobody asked for.` }
}
