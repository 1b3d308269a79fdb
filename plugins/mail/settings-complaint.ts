import { urlComplaint } from '../setting-complaint.ts'

export interface MailSettings {
  MAIL_URL?: string
  MAIL_FROM?: string
  MAIL_WEBHOOK_URL?: string
  MAIL_WEBHOOK_SECRET?: string
  PUBLIC_URL?: string
}

/** What does not fit together in the settings for mail; nothing when all is well. */
export function mailComplaint ({ MAIL_URL, MAIL_FROM, MAIL_WEBHOOK_URL, MAIL_WEBHOOK_SECRET, PUBLIC_URL }: MailSettings): string | undefined {
  if (MAIL_URL !== undefined && MAIL_WEBHOOK_URL !== undefined) return 'MAIL_URL and MAIL_WEBHOOK_URL are two ways for the same mail: remove one of them.'
  if (MAIL_URL !== undefined) {
    const malformed = urlComplaint('MAIL_URL', MAIL_URL)
    if (malformed) return malformed
    if (MAIL_FROM === undefined) return 'Set MAIL_FROM: MAIL_URL needs an address that mail comes from.'
  }
  if (MAIL_WEBHOOK_URL !== undefined) {
    if (!URL.canParse(MAIL_WEBHOOK_URL)) return 'Set MAIL_WEBHOOK_URL: it is no well-formed URL.'
    const { username, password } = new URL(MAIL_WEBHOOK_URL)
    if (username || password) return 'Set MAIL_WEBHOOK_URL: it must have no user and no password, the receiver checks the signature.'
    if (MAIL_WEBHOOK_SECRET === undefined) return 'Set MAIL_WEBHOOK_SECRET: MAIL_WEBHOOK_URL needs it to sign what it sends; make one with: openssl rand -hex 32'
  }
  const way = MAIL_URL === undefined ? 'MAIL_WEBHOOK_URL' : 'MAIL_URL'
  if ((MAIL_URL ?? MAIL_WEBHOOK_URL) === undefined) return undefined
  if (PUBLIC_URL === undefined) return `Set PUBLIC_URL: ${way} needs to know where the links in the mail lead.`
  if (!URL.canParse(PUBLIC_URL)) return 'Set PUBLIC_URL: it is no well-formed URL.'
}
