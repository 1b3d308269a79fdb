import { randomBytes, randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { ContractError, limits, type Invitation, type Role, type RoomState } from '../contract/index.ts'
import type { Sql } from '../db/client.ts'
import {
  deleteExpiredInvitations, deleteInvitation, findInvitation, insertInvitation, listInvitations, type FoundInvitation
} from '../db/queries/invitations.ts'
import { toRoomState } from '../db/queries/members.ts'
import { toTimestamp } from '../db/rows.ts'
import type { Actor } from './actor.ts'
import { hashToken } from './mailed-links.ts'
import type { Members } from './members.ts'
import { forbidden } from './permissions.ts'
import { checkMayInvite, requireStanding, requireUnarchived } from './standing.ts'

interface InvitationsDeps {
  sql: Sql
  members: Members
}

/** Removed by one statement, and the time between two. */
const pieceSize = 1000
const pauseMs = 20

/** Links into rooms. The token is known to whoever has the link, and not kept: here is only its hash. */
export function createInvitations ({ sql, members }: InvitationsDeps) {
  async function checkMay (actor: Actor, roomId: string, { isChange = true } = {}): Promise<Role> {
    const standing = await requireStanding(sql, roomId, { actorId: actor.userId, userId: actor.userId })
    const role = checkMayInvite(standing)
    if (isChange) requireUnarchived(standing)
    return role
  }

  /** What a link that leads nowhere is told from: nothing. */
  async function find (actor: Actor, tokenHash: string): Promise<FoundInvitation> {
    const found = await findInvitation(sql, tokenHash, actor.userId)
    if (!found || (found.isUsedUp && !found.isMember)) throw new ContractError('link.not_found')
    return found
  }

  return {
    /** Makes a link; the token is told to nobody else, and only now. */
    async make (
      actor: Actor, roomId: string, { expiresInSeconds, maxUses = null }: { expiresInSeconds: number, maxUses?: number | null }
    ): Promise<{ invitation: Invitation, token: string }> {
      const role = await checkMay(actor, roomId)
      const token = randomBytes(32).toString('base64url')
      const invitation = await insertInvitation(sql, {
        id: randomUUID(), roomId, tokenHash: hashToken(token), createdBy: actor.userId, role, expiresInSeconds, maxUses
      }, limits.invitationsPerRoom)
      if (invitation) return { invitation, token }
      await checkMay(actor, roomId)
      throw forbidden(`A room has at most ${limits.invitationsPerRoom} invitations at a time: revoke one first.`)
    },

    async list (actor: Actor, roomId: string): Promise<Invitation[]> {
      await checkMay(actor, roomId, { isChange: false })
      return await listInvitations(sql, roomId)
    },

    async revoke (actor: Actor, roomId: string, invitationId: string): Promise<void> {
      await checkMay(actor, roomId)
      if (!await deleteInvitation(sql, roomId, invitationId)) throw new ContractError('link.not_found')
    },

    /** Where a link leads. */
    async look (actor: Actor, token: string) {
      const { roomId, name, topic, memberCount, expiresAtMs, isMember } = await find(actor, hashToken(token))
      return { room: { id: roomId, name, topic, memberCount }, expiresAt: toTimestamp(expiresAtMs), isMember }
    },

    /** Joins by a link, as one joins a public room: bans hold, and mutes that were kept. */
    async accept (actor: Actor, token: string): Promise<RoomState> {
      const tokenHash = hashToken(token)
      const { roomId } = await find(actor, tokenHash)
      await members.put(actor, roomId, actor.userId, undefined, async () => {
        await find(actor, tokenHash)
        return tokenHash
      })
      const membership = await members.membership(actor.userId, roomId)
      // Out again already.
      if (!membership) throw new ContractError('room.not_found')
      return toRoomState(membership)
    },

    /** Removes those that nobody can use any more. */
    async removeExpired (): Promise<void> {
      while (await deleteExpiredInvitations(sql, pieceSize)) await wait(pauseMs)
    }
  }
}
