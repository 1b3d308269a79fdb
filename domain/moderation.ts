import { randomUUID } from 'node:crypto'
import { ContractError, invalidField, untilLifted, type Ban, type Member } from '../contract/index.ts'
import type { Sql } from '../db/client.ts'
import { appendMemberChange, type GuardedEvent } from '../db/queries/append-to-room.ts'
import { appendBan, banOutsider, deleteBan, listBans } from '../db/queries/bans.ts'
import { toTimestamp } from '../db/rows.ts'
import type { Actor } from './actor.ts'
import { decodeCursor, isUuid, toPage } from './cursor.ts'
import type { Log } from './log.ts'
import { readMember } from './members.ts'
import { untilSettled } from './retry.ts'
import { checkMay, checkMayModerate, mutedUntilOf, requireStanding, requireSubject } from './standing.ts'
import { tell } from './tell.ts'

/** Bans and mutes. (Roles and removals are about members as such.) */
export function createModeration ({ sql, log }: { sql: Sql, log: Log }) {
  async function readBan (roomId: string, userId: string): Promise<Ban> {
    const [ban] = await listBans(sql, roomId, { userId, limit: 1 })
    if (!ban) throw new ContractError('user.not_found', { message: 'Somebody has lifted this ban just now.' })
    return ban
  }

  /** What is so already makes no event. */
  async function setMute (actor: Actor, roomId: string, userId: string, mutedUntil: string | null): Promise<Member> {
    return await log.inTurn(roomId, () => untilSettled(async () => {
      const deed = { actorId: actor.userId, userId }
      const standing = await requireStanding(sql, roomId, deed)
      checkMayModerate(standing, 'mute', deed)
      const role = requireSubject(standing)
      if (mutedUntilOf(standing) === mutedUntil) return await readMember(sql, roomId, userId)
      const { membersVersion } = standing
      const event: GuardedEvent = {
        roomId, id: randomUUID(), type: 'member.changed', actorId: actor.userId, data: { userId, role, mutedUntil }, membersVersion
      }
      const appended = await appendMemberChange(sql, event, { userId, role, mutedUntil })
      if (!appended) return undefined
      tell(log, event, appended)
      return await readMember(sql, roomId, userId)
    }))
  }

  return {
    /** Bans somebody: a member is removed. A ban that stands makes no event; it takes a new reason. */
    async ban (actor: Actor, roomId: string, userId: string, reason?: string): Promise<Ban> {
      return await log.inTurn(roomId, () => untilSettled(async () => {
        const deed = { actorId: actor.userId, userId }
        const standing = await requireStanding(sql, roomId, deed)
        checkMayModerate(standing, 'ban', deed)
        const { membersVersion } = standing
        const ban = { roomId, userId, bannedBy: actor.userId, reason: reason ?? null }
        if (standing.subjectRole === null) {
          return await banOutsider(sql, ban, membersVersion) ? await readBan(roomId, userId) : undefined
        }
        const event: GuardedEvent = {
          roomId, id: randomUUID(), type: 'member.left', actorId: actor.userId, data: { userId }, membersVersion
        }
        const appended = await appendBan(sql, event, ban, mutedUntilOf(standing))
        if (!appended) return undefined
        tell(log, event, appended)
        return await readBan(roomId, userId)
      }))
    },

    /** Whoever is let in again comes by themselves, or is added. */
    async liftBan (actor: Actor, roomId: string, userId: string): Promise<void> {
      const deed = { actorId: actor.userId, userId }
      checkMayModerate(await requireStanding(sql, roomId, deed), 'ban', deed)
      await deleteBan(sql, roomId, userId)
    },

    async listBans (actor: Actor, roomId: string, { cursor, limit }: { cursor?: string, limit: number }) {
      checkMay(await requireStanding(sql, roomId, { actorId: actor.userId, userId: actor.userId }), 'ban')
      const bans = await listBans(sql, roomId, { after: decodeCursor(cursor, isUuid), limit: limit + 1 })
      const { items, nextCursor } = toPage(bans, limit, ({ userId }) => userId)
      return { bans: items, nextCursor }
    },

    /** Mutes a member, until somebody lifts it when no time is named. */
    async mute (actor: Actor, roomId: string, userId: string, until: string = untilLifted): Promise<Member> {
      // An offset can lead past the last year that a time can be written in.
      const untilMs = Math.min(Date.parse(until), Date.parse(untilLifted))
      if (!(untilMs > Date.now())) throw invalidField('/until', 'must be a time in the future')
      return await setMute(actor, roomId, userId, toTimestamp(untilMs))
    },

    async liftMute (actor: Actor, roomId: string, userId: string): Promise<Member> {
      return await setMute(actor, roomId, userId, null)
    }
  }
}
