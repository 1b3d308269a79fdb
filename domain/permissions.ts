import { ContractError, type Role } from '../contract/index.ts'

export interface Permission extends Partial<Record<Role, true | readonly Role[]>> {
  /** What everybody else is told. */
  refusal: string
  /** What somebody is told who may, but not to this role. */
  rankRefusal?: string
}

const everyRole = ['owner', 'admin', 'member'] as const
const belowOwner = ['admin', 'member'] as const

/**
 * Who may do what in a room, and to members of which roles. Whoever is outside the room has no rank; giving a role
 * takes the right to both the old and the new one. In a direct room both are plain members, and it stays so.
 */
export const permissions = {
  changeRoom: { owner: true, admin: true, refusal: 'Only owners and admins may change a room.' },
  deleteRoom: { owner: true, refusal: 'Only an owner may delete a room, and nobody a direct one.' },
  deleteMessage: { owner: true, admin: true, refusal: 'Only its author, an owner or an admin may delete a message.' },
  addMember: {
    owner: everyRole,
    admin: belowOwner,
    refusal: 'Only owners and admins may do this.',
    rankRefusal: 'Only an owner may make or change an owner.'
  },
  invite: { owner: true, admin: true, refusal: 'Only owners and admins may invite somebody, and see invitations.' },
  changeRole: {
    owner: everyRole,
    admin: belowOwner,
    refusal: 'Only owners and admins may do this.',
    rankRefusal: 'Only an owner may make or change an owner.'
  },
  removeMember: {
    owner: everyRole,
    admin: belowOwner,
    refusal: 'Only owners and admins may remove somebody.',
    rankRefusal: 'Only an owner may remove an owner.'
  },
  ban: {
    owner: everyRole,
    admin: belowOwner,
    refusal: 'Only owners and admins may ban somebody, and see who is banned.',
    rankRefusal: 'Only an owner may ban an owner.'
  },
  mute: {
    owner: everyRole,
    admin: belowOwner,
    refusal: 'Only owners and admins may mute somebody.',
    rankRefusal: 'Only an owner may mute an owner.'
  }
} as const satisfies Record<string, Permission>

export type Action = keyof typeof permissions

/** Throws unless somebody of this role may do it, to whoever has these roles. */
export function requirePermission (actorRole: Role, action: Action, ...subjectRoles: Role[]): void {
  const { [actorRole]: allowed, refusal, rankRefusal = refusal }: Permission = permissions[action]
  if (!allowed) throw forbidden(refusal)
  if (allowed !== true && !subjectRoles.every((role) => allowed.includes(role))) throw forbidden(rankRefusal)
}

export function forbidden (message: string): ContractError {
  return new ContractError('request.forbidden', { message })
}
