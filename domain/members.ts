import { randomUUID } from 'node:crypto'
import { ContractError, type Member, type Role } from '../contract/index.ts'
import type { Sql } from '../db/client.ts'
import { appendJoin, appendLeave, appendMemberChange, type GuardedEvent } from '../db/queries/append-to-room.ts'
import {
  listMembers, listMembershipChanges, listMemberships, listMembershipsOf, moveReadMark, type Membership, type Memberships
} from '../db/queries/members.ts'
import { findArrivals, type Arrival } from '../db/queries/arrivals.ts'
import { requireMember } from './access.ts'
import type { Actor } from './actor.ts'
import { decodeCursor, isUuid, toPage } from './cursor.ts'
import { createGather } from './gather.ts'
import type { Log } from './log.ts'
import { untilSettled } from './retry.ts'
import type { LiveSession } from './session.ts'
import { checkMayRemove, decidePut, mutedUntilOf, requireStanding } from './standing.ts'
import { tell } from './tell.ts'

/** What the verbs say beside the log; whoever keeps sockets listens. */
export interface MembershipNotices {
  /** This user entered a room. (That one left stands in the log.) */
  changed: (userId: string) => void
  roomDeleted: (roomId: string) => void
  /** A read mark moved, by this connection if by one. */
  readMarked: (mark: { userId: string, roomId: string, seq: number, connectionId?: string | undefined }) => void
}

interface MembersDeps {
  sql: Sql
  /** For what every connect asks. */
  plannedOnce: Sql
  log: Log
  notices: MembershipNotices
}

/** People whose rooms are read by one statement: some are in very many. */
const loadedAtOnce = 100

/** A member as they stand now. */
export async function readMember (sql: Sql, roomId: string, userId: string): Promise<Member> {
  const [member] = await listMembers(sql, roomId, { userId, limit: 1 })
  if (!member) throw new ContractError('room.not_found')
  return member
}

/** Everything about who is in a room, and how far they have read. */
export function createMembers ({ sql, plannedOnce, log, notices }: MembersDeps) {
  const load = createGather({
    maxBatch: loadedAtOnce,
    async ask (userIds: string[]): Promise<Memberships[]> {
      const found = await listMembershipsOf(plannedOnce, userIds)
      return userIds.map((userId) => found.get(userId) ?? { version: 0, memberships: [] })
    }
  })

  const arrive = createGather({
    maxBatch: loadedAtOnce,
    ask: (sessions: LiveSession[]) => findArrivals(plannedOnce, sessions)
  })

  return {
    /**
     * Whose session this is and all their rooms, in one question for all of a crowd that connects. Undefined when it was ended or
     * the account is gone, whatever Redis still holds.
     */
    arrive: (session: LiveSession): Promise<Arrival | undefined> => arrive(session),

    /**
     * Joins (oneself, a public room), adds somebody, or changes a role. What is so already makes no event.
     *
     * @param requireInvitation for a join by invitation: throws unless it still holds, and names it by its hash.
     */
    async put (actor: Actor, roomId: string, userId: string, role?: Role, requireInvitation?: () => Promise<string>): Promise<Member> {
      return await log.inTurn(roomId, () => untilSettled(async () => {
        const deed = { actorId: actor.userId, userId, role, isInvited: requireInvitation !== undefined }
        const standing = await requireStanding(sql, roomId, deed)
        const wanted = decidePut(standing, deed)
        if (wanted === undefined) return await readMember(sql, roomId, userId)

        const isJoin = standing.subjectRole === null
        const mutedUntil = mutedUntilOf(standing)
        const event: GuardedEvent = {
          roomId,
          id: randomUUID(),
          type: isJoin ? 'member.joined' : 'member.changed',
          actorId: actor.userId,
          data: { userId, role: wanted, ...(isJoin && mutedUntil !== null && { mutedUntil }) },
          // Who enters a public room by themselves depends on nobody else: many may come at once.
          membersVersion: standing.actorRole === null ? undefined : standing.membersVersion,
          entryVersion: isJoin ? standing.entryVersion : undefined
        }
        const invitation = await requireInvitation?.()
        const appended = await (isJoin ? appendJoin : appendMemberChange)(sql, event, { userId, role: wanted, mutedUntil, invitation })
        if (!appended) return undefined
        tell(log, event, appended)
        if (isJoin) notices.changed(userId)
        return await readMember(sql, roomId, userId)
      }))
    },

    /** Leaves (oneself) or removes somebody. */
    async remove (actor: Actor, roomId: string, userId: string): Promise<void> {
      await log.inTurn(roomId, () => untilSettled(async () => {
        const deed = { actorId: actor.userId, userId }
        const standing = await requireStanding(sql, roomId, deed)
        checkMayRemove(standing, deed)
        const { membersVersion } = standing
        const event: GuardedEvent = {
          roomId, id: randomUUID(), type: 'member.left', actorId: actor.userId, data: { userId }, membersVersion
        }
        const appended = await appendLeave(sql, event, { userId, mutedUntil: mutedUntilOf(standing) })
        if (appended) tell(log, event, appended)
        return appended
      }))
    },

    async list (actor: Actor, roomId: string, { cursor, limit }: { cursor?: string, limit: number }) {
      await requireMember(sql, roomId, actor.userId)
      const members = await listMembers(sql, roomId, { after: decodeCursor(cursor, isUuid), limit: limit + 1 })
      const { items, nextCursor } = toPage(members, limit, ({ userId }) => userId)
      return { members: items, nextCursor }
    },

    /** Moves my read mark forward: never back, never past the end. */
    async markRead (actor: Actor, roomId: string, seq: number): Promise<{ readSeq: number }> {
      const mark = await moveReadMark(sql, { roomId, userId: actor.userId, seq })
      if (!mark) {
        await requireMember(sql, roomId, actor.userId)
        throw new ContractError('room.not_found')
      }
      const { readSeq, moved } = mark
      if (moved) notices.readMarked({ userId: actor.userId, roomId, seq: readSeq, connectionId: actor.connectionId })
      return { readSeq }
    },

    /** All rooms of a user, and the version they stand at; what a crowd asks at once is one question. */
    load,

    /** Where a member stands in one room; undefined for a stranger. */
    async membership (userId: string, roomId: string): Promise<Membership | undefined> {
      return (await listMemberships(sql, userId, { roomId, limit: 1 }))[0]
    },

    /** Those whose rooms are others than at this version, and the version that they stand at now. */
    changes (known: Array<{ userId: string, version: number }>): Promise<Array<{ userId: string, version: number }>> {
      return listMembershipChanges(plannedOnce, known)
    }
  }
}

export type Members = ReturnType<typeof createMembers>
export type { Arrival } from '../db/queries/arrivals.ts'
export type { Membership, Memberships } from '../db/queries/members.ts'
