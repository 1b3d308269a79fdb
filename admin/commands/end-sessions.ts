import { raiseSessionGeneration } from '../../db/queries/session-generation.ts'
import { findCredentials } from '../../db/queries/users.ts'
import { noSuchUser, type Command } from './command.ts'

/** By Postgres alone: every node finds out by itself, whether or not Redis can be asked. */
export const endSessions: Command = {
  summary: 'signs them out everywhere',

  async run (username, { sql }) {
    const found = await findCredentials(sql, username)
    if (!found) throw noSuchUser(username)
    await raiseSessionGeneration(sql, found.account.id, null)
    return [`Every session of ${username} has ended. Calls are refused from now on; sockets are closed within 10 s, when their node looks after them next.`]
  }
}
