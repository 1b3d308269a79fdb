import { findCredentials } from '../../db/queries/users.ts'
import { linkTo, makeMailedLink } from '../../domain/mailed-links.ts'
import { noSuchUser, type Command } from './command.ts'

/** For people whom no mail reaches. The link is bound to no address, and proves none. */
export const recoveryLink: Command = {
  summary: 'makes a link with which they can set a new password, once',

  async run (username, { sql, publicUrl }) {
    const found = await findCredentials(sql, username)
    const made = found && await makeMailedLink(sql, { userId: found.account.id, purpose: 'recovery', email: null })
    if (!made) throw noSuchUser(username)
    const body = JSON.stringify({ token: made.token, password: 'the new password' })
    const url = new URL('/api/auth/recovery/confirm', publicUrl ?? 'https://where-parley-is.example')
    return [
      `${username} can set a new password once, until ${made.expiresAt}, which ends every session of theirs:`,
      '',
      ...(publicUrl === undefined
        ? [`token: ${made.token}`, '', 'Set PUBLIC_URL to get a link. Without one:']
        : [linkTo(publicUrl, 'recovery', made.token), '', 'Or without a browser:']),
      `curl -H 'content-type: application/json' ${url.href} -d '${body}'`,
      '',
      'Whoever has it can take the account: hand it over where nobody else reads. Links made before work no more.'
    ]
  }
}
