import type { Sql } from '../../db/client.ts'
import { Failure } from '../failure.ts'

export interface Command {
  /** One line of the help. */
  summary: string
  /** What to print. */
  run: (username: string, context: CommandContext) => Promise<string[]>
}

export interface CommandContext {
  sql: Sql
  publicUrl: string | undefined
}

export function noSuchUser (username: string): Failure {
  return new Failure(`There is no user ${username}.`)
}
