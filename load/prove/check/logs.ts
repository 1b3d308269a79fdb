import type { RoomEvent } from '../../../contract/index.ts'
import type { ClientHistory, CommandRecord, LoggedEvent } from '../history.ts'
import type { RoomTruth, Truth } from '../truth.ts'
import { isCutShort } from './cut-short.ts'
import { replayTexts } from './texts.ts'
import type { Violation, ViolationKind } from './violation.ts'

/** What a client holds in the end is the room's log: whole, in order, and word for word what Postgres holds. */
export function checkLogs (client: ClientHistory, truth: Truth, commands: Map<string, CommandRecord>): Violation[] {
  const found = client.resets.map(({ roomId }): Violation => ({
    kind: 'reset', roomId, client: client.name, sentence: `${client.name} was told that the log of ${truth.get(roomId)?.name ?? roomId} begins anew.`
  }))
  for (const room of truth.values()) {
    const log = client.logs.get(room.roomId) ?? []
    found.push(...checkLog(client, log, room, commands))
  }
  return found
}

function checkLog (client: ClientHistory, log: LoggedEvent[], room: RoomTruth, commands: Map<string, CommandRecord>): Violation[] {
  const found: Violation[] = []
  const complain = (kind: ViolationKind, sentence: string, seq?: number): void => {
    found.push({ kind, roomId: room.roomId, client: client.name, ...(seq !== undefined && { seq }), sentence: `${client.name}: ${sentence} (${room.name}).` })
  }
  const seen = new Set<number>()
  let last = 0
  const isOut = !room.memberIds.has(client.userId)
  for (const { event } of log) {
    const { seq } = event
    if (seen.has(seq)) complain('repeated', `seq ${seq} was handed over twice`, seq)
    else if (seq < last) complain('reordered', `seq ${seq} was handed over after ${last}`, seq)
    else if (seq > last + 1 && !(isOut && isCutShort(client, room.roomId, seq - 1))) complain('gap', `seq ${seq} was handed over after ${last}`, seq)
    const difference = compareEvents(event, room.events[seq - 1], commands.get(event.id))
    if (difference) complain('diverged', `seq ${seq}: ${difference}`, seq)
    seen.add(seq)
    last = Math.max(last, seq)
  }
  if (room.memberIds.has(client.userId) && last < room.lastSeq) {
    complain('incomplete', `the log ends at ${last}, and the room's at ${room.lastSeq}`, last + 1)
  }
  if (found.length === 0 && last === room.lastSeq) {
    for (const [seq, text] of replayTexts(log.map(({ event }) => event))) {
      const really = room.texts.get(seq)
      if (text !== really) complain('diverged', `the message at seq ${seq} reads ${JSON.stringify(text)} and says ${JSON.stringify(really)}`, seq)
    }
  }
  return found
}

/** In which way two accounts of one event differ. A text may be missing in the later one: it was replaced or deleted since. */
function compareEvents (seen: RoomEvent, real: RoomEvent | undefined, command: CommandRecord | undefined): string | undefined {
  if (!real) return `the database holds no such event, and the client saw ${JSON.stringify(seen)}`
  const mine = withoutText(seen)
  const theirs = withoutText(real)
  if (mine !== theirs) return `the client saw ${mine}, and the database holds ${theirs}`
  const [text, now] = [textOf(seen), textOf(real)]
  const right = now ?? command?.text
  if (typeof text === 'string' && right !== undefined && text !== right) return `the client read ${JSON.stringify(text)} in place of ${JSON.stringify(right)}`
  if (text === null && typeof now === 'string') return `the client read nothing in place of ${JSON.stringify(now)}`
  return undefined
}

function textOf ({ data }: RoomEvent): string | null | undefined {
  return 'text' in data ? data.text : undefined
}

function withoutText ({ roomId, seq, id, type, actorId, at, data }: RoomEvent): string {
  const rest = Object.entries(data).filter(([key]) => key !== 'text').sort(([a], [b]) => a < b ? -1 : 1)
  return JSON.stringify({ roomId, seq, id, type, actorId, at, data: Object.fromEntries(rest) as object })
}
