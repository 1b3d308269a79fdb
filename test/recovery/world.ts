import type { Person } from '../helpers/person.ts'
import { tokenOf, type Mailbox } from './mailbox.ts'

/** Gives somebody this address, and proves it with the link that comes there. */
export async function verifyEmail (person: Person, email: string, mailbox: Mailbox): Promise<void> {
  await person.patch('/auth/user', { email })
  const token = tokenOf((await mailbox.next(email)).raw, 'verification')
  const { status } = await person.post('/auth/email/verification/confirm', { token })
  if (status !== 204) throw new Error(`${email} was not verified, but answered with ${status}.`)
}

/** Asks for recovery of this account, and resolves with the token that comes to its address. */
export async function askForToken (person: Person, email: string, mailbox: Mailbox): Promise<string> {
  const { status } = await person.post('/auth/recovery', { username: person.username })
  if (status !== 204) throw new Error(`Recovery was answered with ${status}.`)
  return tokenOf((await mailbox.next(email)).raw, 'recovery')
}
