import { ContractError, invalidField, limits, type CommandPayload, type RoomEvent, type SyncedRoom } from '../../contract/index.ts'
import type { Domain } from '../../domain/index.ts'
import type { Handlers } from '../command.ts'
import type { Feed } from '../feed/feed.ts'
import type { LocalRoom, Recording } from '../feed/local-room.ts'
import { jsonBytes } from '../frames.ts'
import type { Memberships } from '../memberships.ts'
import { roomName } from '../names.ts'

type Asked = CommandPayload<'room:sync'>['rooms'][number]

/** Rows read for one answer, over all its rooms. */
const rowsPerSync = 1500
const bytesPerRoom = 300

export function syncHandlers (domain: Domain, feed: Feed, memberships: Memberships): Pick<Handlers, 'room:sync'> {
  return {
    'room:sync': async ({ rooms }, { actor, socket }) => {
      const roomIds = rooms.map(({ roomId }) => roomId)
      if (new Set(roomIds).size < roomIds.length) throw invalidField('/rooms', 'must name each room once')
      await domain.history.requireMemberOfAll(actor, roomIds)
      if (roomIds.some((roomId) => !socket.rooms.has(roomName(roomId)))) await memberships.refresh(actor.userId)

      // A node may be a moment behind another that a client has heard.
      await feed.catchUp(rooms.filter(({ roomId, after }) => after > requireLocal(feed, roomId).tail).map(({ roomId }) => roomId))
      // All of them, before the first is recorded.
      const locals = roomIds.map((roomId) => requireLocal(feed, roomId))
      const starts = rooms.map((asked, index) => toStart(asked, locals[index] as LocalRoom))
      const end = (): void => { for (const { recording } of starts) recording.end() }
      try {
        const behind = starts.filter(({ after, tail }) => after < tail)
        const limit = Math.min(500, Math.max(20, Math.floor(rowsPerSync / behind.length)))
        const read = behind.length === 0 ? [] : await domain.history.readEventsOfRooms(behind, limit)
        const byRoom = groupByRoom(read)
        return () => {
          end()
          for (const { roomId } of starts) if (!socket.rooms.has(roomName(roomId))) throw gone(roomId)
          return { rooms: fit(starts.map((start) => toAnswer(start, requireLocal(feed, start.roomId), byRoom.get(start.roomId) ?? []))) }
        }
      } catch (error) {
        end()
        throw error
      }
    }
  }
}

interface Start {
  roomId: string
  after: number
  isReset: boolean
  /** The room when the reading began, up to where its sockets had been told, and what they are told meanwhile. */
  readFrom: LocalRoom
  tail: number
  recording: Recording
}

function requireLocal (feed: Feed, roomId: string): LocalRoom {
  const room = feed.get(roomId)
  if (!room) throw gone(roomId)
  return room
}

/** As for a stranger: the details name the room. */
function gone (roomId: string): ContractError {
  return new ContractError('room.not_found', { details: [{ path: '/rooms', message: roomId }] })
}

function groupByRoom (events: RoomEvent[]): Map<string, RoomEvent[]> {
  const byRoom = new Map<string, RoomEvent[]>()
  for (const event of events) {
    const group = byRoom.get(event.roomId)
    if (group) group.push(event)
    else byRoom.set(event.roomId, [event])
  }
  return byRoom
}

/** Where to read from: the beginning, if what the client has is of another life of the log. */
function toStart ({ roomId, after, epoch }: Asked, room: LocalRoom): Start {
  const isReset = after > room.tail || (epoch !== undefined && epoch !== room.epoch)
  return { roomId, after: isReset ? 0 : after, isReset, readFrom: room, tail: room.tail, recording: room.record() }
}

/**
 * What was read, and what the feed has sent since: up to exactly the tail, so that the next live event follows. What
 * Postgres has beyond it will come live. What was sent before the reading began is not taken from memory, where a text
 * that was deleted since still stands.
 */
function toAnswer ({ roomId, after, isReset, readFrom, tail, recording }: Start, room: LocalRoom, read: RoomEvent[]): SyncedRoom {
  // Of another life of the room what was read may not be: it is read again.
  const isSame = readFrom === room
  const events = isSame ? read.filter(({ seq }) => seq <= room.tail) : []
  const readUpTo = events.at(-1)?.seq ?? after
  const live = isSame && readUpTo >= tail ? recording.after(readUpTo) : undefined
  if (live) events.push(...live)
  return { roomId, events, lastSeq: room.tail, epoch: room.epoch, hasMore: !live, ...(isReset && { reset: true }) }
}

/** Cuts the answers where together they outgrow what one ack may carry. */
function fit (answers: SyncedRoom[]): SyncedRoom[] {
  let left = limits.syncBytes - answers.length * bytesPerRoom
  return answers.map((answer) => {
    const fitting = answer.events.findIndex((event) => {
      left -= jsonBytes(event) + 1
      return left < 0
    })
    return fitting === -1 ? answer : { ...answer, events: answer.events.slice(0, fitting), hasMore: true }
  })
}
