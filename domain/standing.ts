import { ContractError, type Role } from '../contract/index.ts'
import type { Sql } from '../db/client.ts'
import { readStanding, type Standing } from '../db/queries/members.ts'
import { toTimestamp } from '../db/rows.ts'
import { refusalOf } from './access.ts'
import { forbidden, requirePermission, type Action } from './permissions.ts'

/** Whom something is done to, and by whom. */
export interface Deed {
  actorId: string
  userId: string
}

/** What a join by invitation is decided on beside that. */
export interface Entry extends Deed {
  role?: Role | undefined
  isInvited?: boolean
}

/** Until when the one it is about may not speak. */
export function mutedUntilOf ({ mutedUntilMs }: Standing): string | null {
  return mutedUntilMs === null ? null : toTimestamp(mutedUntilMs)
}

/** @throws `room.not_found` for a room that is not there. */
export async function requireStanding (sql: Sql, roomId: string, { actorId, userId }: Deed): Promise<Standing> {
  const standing = await readStanding(sql, roomId, actorId, userId)
  if (!standing) throw refusalOf(null)
  return standing
}

/** The role the user shall have, or undefined when nothing is to be done; throws what the contract says. */
export function decidePut (standing: Standing, { actorId, userId, role, isInvited = false }: Entry): Role | undefined {
  const { kind, actorRole, subjectRole, subjectExists } = standing
  const isEntering = !actorRole && actorId === userId && (kind === 'public' || isInvited)
  if (!actorRole && !isEntering) throw refusalOf(kind)
  if (!subjectExists) throw new ContractError('user.not_found')
  if (subjectRole && (role === undefined || role === subjectRole)) return undefined
  requireOpen(standing)
  requireUnarchived(standing)

  const wanted = role ?? 'member'
  if (!actorRole) {
    if (standing.isBanned) throw forbidden('You are banned from this room.')
    if (wanted !== 'member') throw forbidden('Whoever joins by themselves joins as a member.')
    return wanted
  }
  if (subjectRole) requirePermission(actorRole, 'changeRole', subjectRole, wanted)
  else requirePermission(actorRole, 'addMember', wanted)
  if (standing.isBanned) throw forbidden('This user is banned from the room: lift the ban first.')
  requireOtherOwner(standing)
  return wanted
}

/** Throws unless the user is there and the actor may remove them. */
export function checkMayRemove (standing: Standing, { actorId, userId }: Deed): void {
  const { actorRole, subjectRole } = requireInside(standing)
  requireOpen(standing)
  if (actorId !== userId) requirePermission(actorRole, 'removeMember', ...(subjectRole ? [subjectRole] : []))
  requireSubject(standing)
  requireOtherOwner(standing)
}

/** Throws unless the actor may ban or mute the user, or lift it. */
export function checkMayModerate (standing: Standing, action: 'ban' | 'mute', { actorId, userId }: Deed): void {
  const { actorRole, subjectRole } = requireInside(standing)
  requireOpen(standing, 'In a direct room nobody bans or mutes.')
  requirePermission(actorRole, action, ...(subjectRole ? [subjectRole] : []))
  if (actorId === userId) throw forbidden('Nobody bans or mutes themselves, or lifts it.')
  if (!standing.subjectExists) throw new ContractError('user.not_found')
  requireUnarchived(standing)
}

/** The actor's role, when it allows to let others in by a link. */
export function checkMayInvite (standing: Standing): Role {
  const { actorRole } = requireInside(standing)
  requireOpen(standing)
  requirePermission(actorRole, 'invite')
  return actorRole
}

/** Throws unless the actor may do this to the room. */
export function checkMay (standing: Standing, action: Action): void {
  requirePermission(requireInside(standing).actorRole, action)
}

/** @throws `room.archived` */
export function requireUnarchived ({ isArchived }: { isArchived: boolean }): void {
  if (isArchived) throw new ContractError('room.archived')
}

/** @throws `user.not_found` */
export function requireSubject ({ subjectRole }: Standing): Role {
  if (subjectRole) return subjectRole
  throw new ContractError('user.not_found', { message: 'This user is not in the room.' })
}

function requireInside (standing: Standing): Standing & { actorRole: Role } {
  const { kind, actorRole } = standing
  if (!actorRole) throw refusalOf(kind)
  return { ...standing, actorRole }
}

function requireOpen ({ kind }: Standing, refusal = 'The two members of a direct room are fixed.'): void {
  if (kind === 'direct') throw forbidden(refusal)
}

/** For what would end the subject's being an owner. */
function requireOtherOwner ({ subjectRole, ownerCount }: Standing): void {
  if (subjectRole === 'owner' && ownerCount === 1) throw new ContractError('room.owner_required')
}
