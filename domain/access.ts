import { ContractError, untilLifted, type Role, type RoomKind } from '../contract/index.ts'
import type { Sql } from '../db/client.ts'
import { readAccess } from '../db/queries/members.ts'
import { toTimestamp } from '../db/rows.ts'
import type { Actor } from './actor.ts'

/** What somebody outside is told: of a private room, nothing at all. */
export function refusalOf (kind: RoomKind | null | undefined): ContractError {
  return kind === 'public'
    ? new ContractError('request.forbidden', { message: 'You are not in this room; it is public: join it first.' })
    : new ContractError('room.not_found')
}

/** What a member who is muted is told. */
export function mutedRefusal (mutedUntilMs: number): ContractError {
  const until = toTimestamp(mutedUntilMs)
  return new ContractError('request.forbidden', {
    message: `You are muted in this room until ${until === untilLifted ? 'somebody lifts it' : until}.`
  })
}

/**
 * The role of a user in a room.
 *
 * @throws `room.not_found` or, for a public room, `request.forbidden` when they are not in it.
 */
export async function requireMember (sql: Sql, roomId: string, userId: string): Promise<Role> {
  const [access] = await readAccess(sql, [roomId], userId)
  if (!access?.role) throw refusalOf(access?.kind)
  return access.role
}

/** The same for several rooms at once; the details name each that is refused. */
export async function requireMemberOfAll (sql: Sql, roomIds: string[], userId: string): Promise<void> {
  const accesses = new Map((await readAccess(sql, roomIds, userId)).map((access) => [access.roomId, access]))
  const refused = roomIds.filter((roomId) => !accesses.get(roomId)?.role)
  const [first] = refused
  if (first === undefined) return
  throw new ContractError(refusalOf(accesses.get(first)?.kind).code, {
    details: refused.map((roomId) => ({ path: '/rooms', message: roomId }))
  })
}

/** For those who keep no rules of their own. */
export function createAccess ({ sql }: { sql: Sql }) {
  return {
    requireMember: (actor: Actor, roomId: string): Promise<Role> => requireMember(sql, roomId, actor.userId),

    /** A member who may speak. */
    async requireSpeaker ({ userId }: Actor, roomId: string): Promise<void> {
      const [access] = await readAccess(sql, [roomId], userId)
      if (!access?.role) throw refusalOf(access?.kind)
      if (access.isArchived) throw new ContractError('room.archived')
      if (access.mutedUntilMs !== null) throw mutedRefusal(access.mutedUntilMs)
    }
  }
}
