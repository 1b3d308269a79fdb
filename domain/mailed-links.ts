import { createHash, randomBytes } from 'node:crypto'
import type { Sql } from '../db/client.ts'
import { putMailedLink, type LinkPurpose } from '../db/queries/mailed-links.ts'
import { toTimestamp } from '../db/rows.ts'

/** How long a link can be used. Who asks for recovery waits for the mail; verification has time. */
const lifetimesMs: Record<LinkPurpose, number> = { recovery: 3_600_000, verification: 3 * 86_400_000 }

export interface LinkRequest {
  userId: string
  purpose: LinkPurpose
  /** The address that it goes to, and that it is bound to; null for one that is handed over in another way. */
  email: string | null
}

/** Something to be used once. The token is secret: it is not kept, and never logged. */
export interface MailedLink {
  token: string
  expiresAt: string
}

/** Makes a link; the one before for the same purpose works no more. Nothing when the account is gone or has another email. */
export async function makeMailedLink (sql: Sql, request: LinkRequest): Promise<MailedLink | undefined> {
  const token = randomBytes(32).toString('base64url')
  const expiresAtMs = await putMailedLink(sql, { ...request, tokenHash: hashToken(token), lifetimeMs: lifetimesMs[request.purpose] })
  return expiresAtMs === undefined ? undefined : { token, expiresAt: toTimestamp(expiresAtMs) }
}

/** What is kept of a token. It has 256 random bits, so a quick hash will do. */
export function hashToken (token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

/**
 * Where the link leads: to the web client, which makes the call. What follows the # stays in the browser: it is in no
 * access log and in no Referer, and a mail scanner that opens the link uses nothing up.
 */
export function linkTo (publicUrl: string, purpose: LinkPurpose, token: string): string {
  const url = new URL(publicUrl)
  url.hash = `/${purpose}/${token}`
  return url.href
}
