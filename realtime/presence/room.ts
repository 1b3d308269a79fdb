import type { Presence, PresenceCounts } from '../../contract/index.ts'

/** How many are how, and the first of those who are online, in the order given. */
export function summarize (members: Presence[], listed: number): { counts: PresenceCounts, users: Presence[] } {
  const counts: PresenceCounts = { online: 0, away: 0, offline: 0, unknown: 0 }
  for (const { status } of members) counts[status]++
  return { counts, users: members.filter(({ status }) => status === 'online').slice(0, listed) }
}
