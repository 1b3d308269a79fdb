import { createTransport } from 'nodemailer'
import type { Letter } from '../../domain/letters.ts'
import { describeLetter } from './describe-letter.ts'
import { attemptMs, DeliveryFailure, reasonOf, type MailTransport } from './transport.ts'

export interface SmtpOptions {
  /** `smtp://user:password@host:587`; what its query says goes before what is decided here. */
  url: string
  from: string
  /** How letters call this place. */
  site: string
}

/** For each step of speaking to the server. */
const stepMs = 10_000

/** Codes of nodemailer for a server that cannot be reached, or stopped answering. */
const passingCodes = new Set(['ECONNECTION', 'ETIMEDOUT', 'ESOCKET', 'EDNS', 'ESTREAM', 'EMAXLIMIT'])

/** Letters over SMTP, on a few connections that are kept for a while. */
export function openSmtp ({ url, from, site }: SmtpOptions): MailTransport {
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: 5,
    connectionTimeout: stepMs,
    greetingTimeout: stepMs,
    socketTimeout: stepMs,
    dnsTimeout: stepMs,
    requireTLS: isPasswordAbroad(new URL(url)),
    disableFileAccess: true,
    disableUrlAccess: true
  })

  async function deliver (letter: Letter, id: string, signal: AbortSignal): Promise<void> {
    try {
      await transport.sendMail({
        from,
        // As an object it is one address, whatever it looks like.
        to: { name: '', address: letter.to },
        messageId: `<${id}@${new URL(`http://${site}`).hostname}>`,
        headers: { 'Auto-Submitted': 'auto-generated' },
        signal: AbortSignal.any([signal, AbortSignal.timeout(attemptMs)]),
        ...describeLetter(letter, site)
      })
    } catch (error) {
      throw new DeliveryFailure(reasonOf(error), isPassing(error))
    }
  }

  return { deliver, close: () => { transport.close() } }
}

/** Whether the password would go over a network: then only inside TLS. */
function isPasswordAbroad ({ password, hostname }: URL): boolean {
  return password !== '' && !/^(localhost|127\.[\d.]+|\[::1\])$/.test(hostname)
}

function isPassing (error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { responseCode, code } = error as { responseCode?: number, code?: string }
  if (responseCode !== undefined) return responseCode >= 400 && responseCode < 500
  return passingCodes.has(code ?? '')
}
