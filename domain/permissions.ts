import { ContractError, type Role } from '../contract/index.ts'
import type { Standing } from '../db/queries/members.ts'
import { refusalOf } from './access.ts'

/** What was asked about somebody's membership. */
export interface MemberRequest {
  actorId: string
  userId: string
  /** Left out: as they are, or a plain member. */
  role?: Role | undefined
}

const isManager = (role: Role | null): boolean => role === 'owner' || role === 'admin'

/** The role the user shall have, or undefined when nothing is to be done; throws what the contract says. */
export function decidePut (standing: Standing, { actorId, userId, role }: MemberRequest): Role | undefined {
  const { kind, actorRole, subjectRole, subjectExists } = standing
  const isMyself = actorId === userId
  if (!actorRole && !(isMyself && kind === 'public')) throw refusalOf(kind)
  if (!subjectExists) throw new ContractError('user.not_found')
  if (subjectRole && (role === undefined || role === subjectRole)) return undefined
  if (kind === 'direct') throw new ContractError('request.forbidden', { message: 'The two members of a direct room are fixed.' })

  const wanted = role ?? 'member'
  if (!actorRole) {
    if (wanted !== 'member') throw new ContractError('request.forbidden', { message: 'Whoever joins by themselves joins as a member.' })
    return wanted
  }
  if (!isManager(actorRole)) throw new ContractError('request.forbidden', { message: 'Only owners and admins may do this.' })
  if (actorRole === 'admin' && (wanted === 'owner' || subjectRole === 'owner')) {
    throw new ContractError('request.forbidden', { message: 'Only an owner may make or change an owner.' })
  }
  if (subjectRole === 'owner' && standing.ownerCount === 1) throw new ContractError('room.owner_required')
  return wanted
}

/** Throws unless the user is there and the actor may remove them. */
export function checkMayRemove (standing: Standing, { actorId, userId }: MemberRequest): void {
  const { kind, actorRole, subjectRole, ownerCount } = standing
  if (!actorRole) throw refusalOf(kind)
  if (kind === 'direct') throw new ContractError('request.forbidden', { message: 'The two members of a direct room are fixed.' })
  if (actorId !== userId) {
    if (!isManager(actorRole)) throw new ContractError('request.forbidden', { message: 'Only owners and admins may remove somebody.' })
    if (actorRole === 'admin' && subjectRole === 'owner') {
      throw new ContractError('request.forbidden', { message: 'Only an owner may remove an owner.' })
    }
  }
  if (!subjectRole) throw new ContractError('user.not_found', { message: 'This user is not in the room.' })
  if (subjectRole === 'owner' && ownerCount === 1) throw new ContractError('room.owner_required')
}

/** Throws unless the actor may rename the room or set its topic. */
export function checkMayChangeRoom ({ kind, actorRole }: Standing): void {
  if (!actorRole) throw refusalOf(kind)
  if (kind === 'direct' || !isManager(actorRole)) {
    throw new ContractError('request.forbidden', { message: 'Only owners and admins may change a room.' })
  }
}

/** Throws unless the actor may delete somebody's message. */
export function checkMayDelete (actorRole: Role, isAuthor: boolean): void {
  if (!isAuthor && !isManager(actorRole)) {
    throw new ContractError('request.forbidden', { message: 'Only its author, an owner or an admin may delete a message.' })
  }
}
