import { createHash } from 'node:crypto'
import { ParleyError } from '../../../sdk/errors.ts'
import type { Rest } from '../../../sdk/rest.ts'
import type { Patience } from './patience.ts'

/** Somebody who is the same in every run with the same prefix. */
export interface Account {
  username: string
  password: string
}

export function accountOf (prefix: string, name: string | number): Account {
  const username = `${prefix}-${name}`
  return { username, password: createHash('sha256').update(`the load tester's ${username}`).digest('base64url') }
}

/** Signs in, and makes the account when there is none yet. @returns the user's id */
export async function signIn (rest: Rest, account: Account, patience: Patience): Promise<string> {
  const logIn = async (): Promise<string> => (await patience.persist('logins', () => rest('login', { body: account }))).user.id
  try {
    return await logIn()
  } catch (error) {
    if (!(error instanceof ParleyError) || error.code !== 'session.invalid_credentials') throw error
  }
  await register(rest, account, patience)
  return await logIn()
}

async function register (rest: Rest, account: Account, patience: Patience): Promise<void> {
  try {
    await patience.persist('registrations', () => rest('register', { body: account }))
  } catch (cause) {
    if (!(cause instanceof ParleyError) || cause.code !== 'user.username_taken') throw cause
    throw new Error(`Somebody else has the username ${account.username}: choose another --register-prefix.`, { cause })
  }
}
