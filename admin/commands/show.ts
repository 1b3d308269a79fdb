import { findUserSummary } from '../../db/queries/user-summary.ts'
import { noSuchUser, type Command } from './command.ts'

/** Nothing of it is secret, and nothing of what they wrote is in it. */
export const show: Command = {
  summary: 'tells what is known of them: account, email, rooms, identities',

  async run (username, { sql }) {
    const summary = await findUserSummary(sql, username)
    if (!summary) throw noSuchUser(username)
    const { account, hasPassword, roomCount, identities } = summary
    const email = account.email === null ? 'none' : `${account.email} (${account.emailVerified ? 'verified' : 'not verified'})`
    const rows = [
      ['username', account.username],
      ['display name', account.displayName],
      ['id', account.id],
      ['created', account.createdAt],
      ['email', email],
      ['password', hasPassword ? 'set' : 'none'],
      ['rooms', String(roomCount)],
      ...(identities.length === 0 ? [['identities', 'none']] : []),
      ...identities.map(({ issuer, label }, index) => [index === 0 ? 'identities' : '', label === null ? issuer : `${label} at ${issuer}`])
    ]
    return rows.map(([name = '', value = '']) => `${name.padEnd(14)}${printable(value)}`)
  }
}

/** A name may hold what moves the cursor of a terminal, or hides what follows. */
function printable (text: string): string {
  return text.replace(/\p{C}/gu, '\uFFFD')
}
