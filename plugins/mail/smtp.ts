import { createTransport } from 'nodemailer'
import type { Letter } from '../../domain/letters.ts'
import { isLoopback } from '../loopback.ts'
import { describeLetter } from './describe-letter.ts'
import { attempt } from './attempt.ts'
import { atOnce, DeliveryFailure, reasonOf, type MailTransport } from './transport.ts'

export interface SmtpOptions {
  /** `smtp://user:password@host:587`; what its query says goes before what is decided here. */
  url: string
  from: string
  /** How letters call this place. */
  site: string
  /** Whether this is no place to try things: over a network then everything goes inside TLS, not a password only. */
  isProduction: boolean
}

/** For each step of speaking to the server. */
const stepMs = 10_000

/** Codes of nodemailer for a server that cannot be reached, or stopped answering. */
const passingCodes = new Set(['ECONNECTION', 'ETIMEDOUT', 'ESOCKET', 'EDNS', 'ESTREAM', 'EMAXLIMIT'])

/** Letters over SMTP, on a few connections that are kept for a while. */
export function openSmtp ({ url, from, site, isProduction }: SmtpOptions): MailTransport {
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: atOnce,
    connectionTimeout: stepMs,
    greetingTimeout: stepMs,
    socketTimeout: stepMs,
    dnsTimeout: stepMs,
    requireTLS: needsTls(new URL(url), isProduction),
    disableFileAccess: true,
    disableUrlAccess: true
  })

  async function deliver (letter: Letter, id: string, signal: AbortSignal): Promise<void> {
    try {
      await attempt(signal, (signal) => transport.sendMail({
        from,
        // As an object it is one address, whatever it looks like.
        to: { name: '', address: letter.to },
        messageId: `<${id}@${new URL(`http://${site}`).hostname}>`,
        headers: { 'Auto-Submitted': 'auto-generated' },
        signal,
        ...describeLetter(letter, site)
      }))
    } catch (error) {
      throw new DeliveryFailure(reasonOf(error), isPassing(error))
    }
  }

  return { deliver, close: () => { transport.close() } }
}

/** A password or, where it matters, a link that is worth one goes over a network only inside TLS. */
function needsTls (url: URL, isProduction: boolean): boolean {
  return (isProduction || url.password !== '') && !isLoopback(url)
}

function isPassing (error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { responseCode, code } = error as { responseCode?: number, code?: string }
  if (responseCode !== undefined) return responseCode >= 400 && responseCode < 500
  return passingCodes.has(code ?? '')
}
