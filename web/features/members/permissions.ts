import type { Role } from '../../../contract/index.ts'

/** What the server allows, so that nothing is offered which it would refuse; see docs/architecture.md. */
const ruled: Record<Role, readonly Role[]> = { owner: ['owner', 'admin', 'member'], admin: ['admin', 'member'], member: [] }

/** Whether somebody of one role may remove, ban, mute or give a role to somebody of the other. */
export function mayRule (mine: Role | undefined, theirs: Role): boolean {
  return mine !== undefined && ruled[mine].includes(theirs)
}

/** The roles that I may give to somebody who has this one. */
export function rolesToGive (mine: Role | undefined, theirs: Role): Role[] {
  return mine !== undefined && mayRule(mine, theirs) ? ruled[mine].filter((role) => role !== theirs) : []
}
