import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { ContractError, invalidField, type Room } from '../contract/index.ts'
import type { Sql } from '../db/client.ts'
import { appendRoomChange, type GuardedEvent, type RoomChange } from '../db/queries/append-to-room.ts'
import { listMemberships, toRoomState } from '../db/queries/members.ts'
import { deleteRemains, deleteRoom, findDirectRoom, insertRoom, listPublicRooms } from '../db/queries/rooms.ts'
import { toTimestamp } from '../db/rows.ts'
import { mutedRefusal, requireMember } from './access.ts'
import type { Actor } from './actor.ts'
import { decodeCursor, isUuid, toPage } from './cursor.ts'
import type { Log } from './log.ts'
import type { MembershipNotices } from './members.ts'
import { requirePermission } from './permissions.ts'
import { untilSettled } from './retry.ts'
import { checkMay, requireStanding, requireUnarchived } from './standing.ts'
import { tell } from './tell.ts'

/** Events removed by one statement, and the time between two, so that nobody notices. */
const pieceSize = 5000
const pauseMs = 20

interface RoomsDeps {
  sql: Sql
  log: Log
  notices: MembershipNotices
}

const isNamePlace = (value: unknown): value is { name: string, id: string } =>
  typeof value === 'object' && value !== null && 'name' in value && typeof value.name === 'string' && 'id' in value && isUuid(value.id)

/** Everything about rooms as such. */
export function createRooms ({ sql, log, notices }: RoomsDeps) {
  async function readRoom (roomId: string, userId: string): Promise<Room> {
    const [membership] = await listMemberships(sql, userId, { roomId, limit: 1 })
    if (!membership) throw new ContractError('room.not_found')
    return membership.room
  }

  return {
    /** The maker owns it, and is its first member. */
    async make (actor: Actor, { name, kind, topic }: { name: string, kind: 'public' | 'private', topic?: string }): Promise<Room> {
      const owner = { userId: actor.userId, role: 'owner' as const, eventId: randomUUID() }
      const room = await insertRoom(sql, { id: randomUUID(), name, kind, topic: topic ?? null, directKey: null, members: [owner] })
      if (!room) throw new ContractError('session.required')
      notices.changed(actor.userId)
      return room
    },

    /** The one direct room of two people, however often and from whichever side it is asked for. */
    async openDirect (actor: Actor, userId: string): Promise<{ room: Room, isNew: boolean }> {
      if (userId === actor.userId) throw invalidField('/userId', 'must be somebody else')
      const userIds = [actor.userId, userId]
      const directKey = userIds.toSorted().join(':')
      const existing = await findDirectRoom(sql, directKey)
      if (existing) return { room: existing, isNew: false }

      const members = userIds.map((member) => ({ userId: member, role: 'member' as const, eventId: randomUUID() }))
      const made = await insertRoom(sql, { id: randomUUID(), kind: 'direct', name: null, topic: null, directKey, members })
      if (made) {
        for (const member of userIds) notices.changed(member)
        return { room: made, isNew: true }
      }
      // The other side was quicker, or there is no such person.
      const theirs = await findDirectRoom(sql, directKey)
      if (!theirs) throw new ContractError('user.not_found')
      return { room: theirs, isNew: false }
    },

    async get (actor: Actor, roomId: string): Promise<Room> {
      await requireMember(sql, roomId, actor.userId)
      return await readRoom(roomId, actor.userId)
    },

    /** My rooms and where I stand in each, by id. */
    async listMine (actor: Actor, { cursor, limit }: { cursor?: string, limit: number }) {
      const after = decodeCursor(cursor, isUuid)
      const memberships = await listMemberships(sql, actor.userId, { after, limit: limit + 1 })
      const { items, nextCursor } = toPage(memberships, limit, ({ room }) => room.id)
      return { rooms: items.map((item) => ({ id: item.room.id, ...toRoomState(item) })), nextCursor }
    },

    async listDirectory ({ query = '', cursor, limit }: { query?: string, cursor?: string, limit: number }) {
      const after = decodeCursor(cursor, isNamePlace)
      const rooms = await listPublicRooms(sql, { query, after, limit: limit + 1 })
      const { items, nextCursor } = toPage(rooms, limit, ({ name, id }) => ({ name, id }))
      return { rooms: items, nextCursor }
    },

    /** Renames a room, sets its topic, archives it or opens it again; what is as asked already makes no event. */
    async change (actor: Actor, roomId: string, { name, topic, archived }: { name?: string, topic?: string, archived?: boolean }): Promise<Room> {
      return await log.inTurn(roomId, () => untilSettled(async () => {
        const standing = await requireStanding(sql, roomId, { actorId: actor.userId, userId: actor.userId })
        checkMay(standing, 'changeRoom')
        const { isArchived, membersVersion } = standing
        if ((name ?? topic) !== undefined && archived !== false) requireUnarchived(standing)
        // A name is read by everybody.
        if (standing.mutedUntilMs !== null) throw mutedRefusal(standing.mutedUntilMs)
        const room = await readRoom(roomId, actor.userId)
        const data: RoomChange = {
          ...(name !== undefined && name !== room.name && { name }),
          ...(topic !== undefined && topic !== room.topic && { topic }),
          ...(archived !== undefined && archived !== isArchived && { archivedAt: archived ? toTimestamp(Date.now()) : null })
        }
        if (Object.keys(data).length === 0) return room
        const event: GuardedEvent = { roomId, id: randomUUID(), type: 'room.changed', actorId: actor.userId, data: { ...data }, membersVersion }
        const appended = await appendRoomChange(sql, event, data, isArchived)
        if (!appended) return undefined
        tell(log, event, appended)
        return { ...room, ...data }
      }))
    },

    /** Deletes a room; its log is removed afterwards, by `removeRemains`. */
    async delete (actor: Actor, roomId: string): Promise<void> {
      await log.inTurn(roomId, () => untilSettled(async () => {
        const role = await requireMember(sql, roomId, actor.userId)
        requirePermission(role, 'deleteRoom')
        if (!await deleteRoom(sql, roomId, actor.userId, role)) return undefined
        notices.roomDeleted(roomId)
        return true
      }))
    },

    /** Removes, in pieces, what deleted rooms have left of their logs. */
    async removeRemains (): Promise<void> {
      while (await deleteRemains(sql, pieceSize)) await wait(pauseMs)
    }
  }
}

export type Rooms = ReturnType<typeof createRooms>
