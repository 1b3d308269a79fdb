import { randomBytes, randomUUID } from 'node:crypto'
import { IsEmail } from 'typebox/format'
import type { Newcomer } from '../db/queries/identities.ts'

/** What an identity provider says of somebody. None of it is believed to name an account of ours. */
export interface Claims {
  preferredUsername?: string | undefined
  name?: string | undefined
  email?: string | undefined
  isEmailVerified: boolean
}

const longestUsername = 32
const longestDisplayName = 64
const longestEmail = 254

/** Text from elsewhere as the contract and Postgres take it; undefined when nothing of it is left. */
function clean (text: string | undefined, maxLength: number): string | undefined {
  const characters = [...(text ?? '').replaceAll('\0', '').toWellFormed().trim()]
  return characters.slice(0, maxLength).join('').trim() || undefined
}

/** As much of a name as a username can hold; undefined when that is too little. */
function toUsername (name: string | undefined): string | undefined {
  const [beforeAt = ''] = (name ?? '').split('@')
  const username = beforeAt.normalize('NFKD').toLowerCase().trim().replace(/\s+/g, '-').replace(/[^a-z0-9_.-]/g, '').slice(0, longestUsername)
  return /[a-z0-9]/.test(username) && username.length >= 3 ? username : undefined
}

function withSuffix (username: string): string {
  const suffix = randomBytes(3).toString('hex')
  return `${username.slice(0, longestUsername - suffix.length - 1)}-${suffix}`
}

/** The account that somebody gets who comes for the first time. */
export function toNewcomer ({ preferredUsername, name, email, isEmailVerified }: Claims, { isNameTaken }: { isNameTaken: boolean }): Newcomer {
  const wanted = toUsername(preferredUsername) ?? toUsername(email) ?? toUsername(name)
  const username = wanted === undefined || isNameTaken ? withSuffix(wanted ?? 'user') : wanted
  const isKnownEmail = email !== undefined && isEmailVerified && email.length <= longestEmail && IsEmail(email)
  return {
    id: randomUUID(),
    username,
    displayName: clean(name, longestDisplayName) ?? username,
    email: isKnownEmail ? email : null
  }
}

/** How to show an identity to its owner. */
export function toLabel ({ preferredUsername, name, email }: Claims): string | null {
  return clean(email, longestEmail) ?? clean(preferredUsername, longestEmail) ?? clean(name, longestEmail) ?? null
}
