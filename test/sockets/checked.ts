import { commands, limits, serverEvents, type CommandData, type CommandName, type CommandPayload, type ServerEventName, type ServerEventPayload } from '../../contract/index.ts'
import { checkFailure, compileCheck, type Check } from '../contract/checks.ts'
import type { Ack, TestSocket } from '../helpers/socket.ts'

const ackChecks = new Map<string, Check>(Object.entries(commands).map(([name, { data }]) => [name, compileCheck(data)]))
const eventChecks = new Map<string, Check>(Object.entries(serverEvents).map(([name, schema]) => [name, compileCheck(schema)]))

export interface PlacedAck<Data> extends Ack<Data> {
  /** How many events the socket had been told when the ack arrived. */
  place: number
}

/** Sends a command. Fails when its ack, good or bad, is not of the form that the contract promises. */
export async function ask<Name extends CommandName> (
  socket: TestSocket, name: Name, payload: CommandPayload<Name>
): Promise<PlacedAck<CommandData<Name>>> {
  const placed = await new Promise<PlacedAck<CommandData<Name>>>((resolve, reject) => {
    // In the very callback: later events are told before a promise is.
    socket.client.timeout(5000).emit(name, payload, (error: Error | null, ack: Ack<CommandData<Name>>) => {
      if (error) reject(new Error(`${name} was not answered`, { cause: error }))
      else resolve({ ...ack, place: socket.received.length })
    })
  })
  const { ok, data, place: _, ...failure } = placed
  const complaint = ok ? ackChecks.get(name)?.(data) : checkFailure(failure)
  if (complaint) throw new Error(`${name}: ${complaint}`)
  return placed
}

/** Like `ask` for what must succeed. */
export async function tell<Name extends CommandName> (socket: TestSocket, name: Name, payload: CommandPayload<Name>): Promise<CommandData<Name>> {
  const { data, error } = await ask(socket, name, payload)
  if (data === undefined) throw new Error(`${name} was refused: ${error?.code}: ${error?.message}`)
  return data
}

/** The code that a command is refused with; `ok` when it is not. */
export async function codeOf<Name extends CommandName> (socket: TestSocket, name: Name, payload: CommandPayload<Name>): Promise<string> {
  return (await ask(socket, name, payload)).error?.code ?? 'ok'
}

/**
 * What is wrong, by the contract, with all that a socket was told: the form of every event; `session:ready` first; each
 * room's events from `lastSeq` + 1 on, once, in order, with no gap, between its `room:joined` and its `room:left`.
 */
export function complaintsAbout (socket: TestSocket): string[] {
  const complaints: string[] = []
  let tails: Map<string, number> | undefined
  for (const { event, payload } of socket.received) {
    if (event === 'connect_error') continue
    if (event === 'disconnect') {
      tails = undefined
      continue
    }
    const check = eventChecks.get(event)
    const wrong = check ? check(payload) : 'is not in the contract'
    if (wrong) complaints.push(`${event}: ${wrong}`)
    else if (event === 'session:ready' && !tails) tails = tailsOf(payload as ServerEventPayload<'session:ready'>)
    else if (event === 'session:ready') complaints.push('session:ready came twice')
    else if (!tails) complaints.push(`${event} came before session:ready`)
    else complaints.push(...follow(tails, event as ServerEventName, payload))
  }
  return complaints
}

function tailsOf ({ rooms }: ServerEventPayload<'session:ready'>): Map<string, number> {
  return new Map(rooms.map(({ room, lastSeq }) => [room.id, lastSeq]))
}

function follow (tails: Map<string, number>, event: ServerEventName, payload: unknown): string[] {
  if (event === 'room:joined') {
    const { room, lastSeq } = payload as ServerEventPayload<'room:joined'>
    const complaints = tails.has(room.id) ? [`room:joined for a room that it was in: ${room.id}`] : []
    tails.set(room.id, lastSeq)
    return complaints
  }
  if (event === 'room:left') {
    const { roomId } = payload as ServerEventPayload<'room:left'>
    return tails.delete(roomId) ? [] : [`room:left for a room that it was not in: ${roomId}`]
  }
  return event === 'room:events' ? followEvents(tails, payload as ServerEventPayload<'room:events'>) : []
}

function followEvents (tails: Map<string, number>, frame: ServerEventPayload<'room:events'>): string[] {
  const complaints: string[] = []
  const { roomId, events } = frame
  if (events.length === 0) complaints.push('a frame without events')
  if (Buffer.byteLength(JSON.stringify(frame)) > limits.frameBytes) complaints.push('a frame of more than 64 kB')
  for (const { seq, roomId: ofRoom } of events) {
    const tail = tails.get(roomId)
    if (ofRoom !== roomId) complaints.push(`an event of room ${ofRoom} in a frame of room ${roomId}`)
    if (tail === undefined) complaints.push(`event ${seq} of a room that it is not in: ${roomId}`)
    else if (seq !== tail + 1) complaints.push(`event ${seq} after ${tail} in room ${roomId}`)
    tails.set(roomId, seq)
  }
  return complaints
}
