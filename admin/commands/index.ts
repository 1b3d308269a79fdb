import type { Command } from './command.ts'
import { endSessions } from './end-sessions.ts'
import { recoveryLink } from './recovery-link.ts'
import { show } from './show.ts'

/** What an administrator can do, by its name on the command line. */
export const commands = new Map<string, Command>([
  ['recovery-link', recoveryLink],
  ['end-sessions', endSessions],
  ['show', show]
])
