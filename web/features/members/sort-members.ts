import type { Member, Role, User } from '../../../contract/index.ts'

const rank: Record<Role, number> = { owner: 0, admin: 1, member: 2 }

export interface NamedMember extends Member {
  name: string
}

/** By role, then by name; those that match what is typed. */
export function sortMembers (members: readonly Member[], users: Readonly<Record<string, User>>, query = ''): NamedMember[] {
  const wanted = query.trim().toLocaleLowerCase()
  return members
    .map((member) => ({ ...member, user: users[member.userId] ?? member.user }))
    .filter(({ user }) => `${user.displayName} ${user.username}`.toLocaleLowerCase().includes(wanted))
    .map((member) => ({ ...member, name: member.user.displayName || '…' }))
    .sort((a, b) => rank[a.role] - rank[b.role] || a.name.localeCompare(b.name))
}
