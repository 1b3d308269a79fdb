import { isLoopback } from '../loopback.ts'
import { urlComplaint } from '../setting-complaint.ts'

export interface MailSettings {
  NODE_ENV: string
  MAIL_URL?: string
  MAIL_FROM?: string
  MAIL_WEBHOOK_URL?: string
  MAIL_WEBHOOK_SECRET?: string
  PUBLIC_URL?: string
}

/** What does not fit together in the settings for mail; nothing when all is well. */
export function mailComplaint (settings: MailSettings): string | undefined {
  const { MAIL_URL, MAIL_FROM, MAIL_WEBHOOK_URL, MAIL_WEBHOOK_SECRET } = settings
  if (MAIL_URL !== undefined && MAIL_WEBHOOK_URL !== undefined) return 'MAIL_URL and MAIL_WEBHOOK_URL are two ways for the same mail: remove one of them.'
  if (MAIL_URL === undefined && MAIL_FROM !== undefined) return 'Set MAIL_URL, or remove MAIL_FROM: it is only for mail that leaves by MAIL_URL.'
  if (MAIL_WEBHOOK_URL === undefined && MAIL_WEBHOOK_SECRET !== undefined) return 'Set MAIL_WEBHOOK_URL, or remove MAIL_WEBHOOK_SECRET: it is only for what is posted there.'
  if (MAIL_URL !== undefined) return smtpComplaint(MAIL_URL, MAIL_FROM) ?? linksComplaint('MAIL_URL', settings)
  if (MAIL_WEBHOOK_URL !== undefined) return webhookComplaint(MAIL_WEBHOOK_URL, settings) ?? linksComplaint('MAIL_WEBHOOK_URL', settings)
}

function smtpComplaint (url: string, from: string | undefined): string | undefined {
  const malformed = urlComplaint('MAIL_URL', url)
  if (malformed) return malformed
  if (from === undefined) return 'Set MAIL_FROM: MAIL_URL needs an address that mail comes from.'
}

function webhookComplaint (given: string, { NODE_ENV, MAIL_WEBHOOK_SECRET: secret }: MailSettings): string | undefined {
  if (!URL.canParse(given)) return 'Set MAIL_WEBHOOK_URL: it is no well-formed URL.'
  const url = new URL(given)
  if (url.username || url.password) return 'Set MAIL_WEBHOOK_URL: it must have no user and no password, the receiver checks the signature.'
  if (isOpen(url, NODE_ENV)) return 'Set MAIL_WEBHOOK_URL: it must begin with https:// in production, unless its server runs on this very machine.'
  if (secret === undefined) return 'Set MAIL_WEBHOOK_SECRET: MAIL_WEBHOOK_URL needs it to sign what it sends; make one with: openssl rand -hex 32'
  if (/^whsec_(?![A-Za-z0-9+/]{32,}={0,2}$)/.test(secret)) return 'Set MAIL_WEBHOOK_SECRET: after whsec_ it must be base64 of at least 24 bytes.'
}

function linksComplaint (way: string, { NODE_ENV, PUBLIC_URL }: MailSettings): string | undefined {
  if (PUBLIC_URL === undefined) return `Set PUBLIC_URL: ${way} needs to know where the links in the mail lead.`
  if (isOpen(new URL(PUBLIC_URL), NODE_ENV)) return 'Set PUBLIC_URL: it must begin with https:// in production, since a link in a mail is as good as a password.'
}

/** Whether anybody on the way could read what must be secret. */
function isOpen (url: URL, environment: string): boolean {
  return environment === 'production' && url.protocol === 'http:' && !isLoopback(url)
}
