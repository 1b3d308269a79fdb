import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { SMTPServer } from 'smtp-server'
import { Recorder } from '../helpers/recorder.ts'
import type { Ending } from '../helpers/stores.ts'

export interface Mail {
  to: string
  from: string
  subject: string
  /** The mail as it came, with what its encoding hides made readable. */
  raw: string
}

export interface Mailbox {
  /** Settings of a node that sends by it. */
  settings: { MAIL_URL: string, MAIL_FROM: string, PUBLIC_URL: string }
  /** The next mail to this address that nobody has taken yet. */
  next: (to: string) => Promise<Mail>
  /** The addresses of all that came, in order. */
  readonly recipients: string[]
}

export const smtpPassword = 'p@ss:w/rd & more'

/** A real SMTP server, with TLS unless told otherwise, that lets in whoever knows the password, and keeps what it gets, or refuses it. */
export async function startMailbox (t: Ending, { hasTls = true, refuses = false } = {}): Promise<Mailbox> {
  const recorder = new Recorder()
  const server = new SMTPServer({
    disableReverseLookup: true,
    closeTimeout: 100,
    ...(!hasTls && { disabledCommands: ['STARTTLS'], allowInsecureAuth: true }),
    onAuth ({ username, password }, _session, done) {
      if (username === 'parley' && password === smtpPassword) done(null, { user: username })
      else done(new Error('535 no such user or password'))
    },
    onData (stream, { secure, envelope }, done) {
      void text(stream).then((raw) => {
        if (secure !== hasTls) throw new Error('mail goes over TLS where there is any')
        if (refuses) throw Object.assign(new Error(`I take no ${readable(raw).replace(/\s+/g, ' ').slice(0, 900)}`), { responseCode: 554 })
        for (const { address } of envelope.rcptTo) recorder.add(address, toMail(address, raw))
      }).then(() => { done() }, done)
    }
  })
  server.on('error', (error) => { if (!/ECONNRESET|EPIPE/.test(error.message)) throw error })
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  t.teardown(() => new Promise<void>((resolve) => { server.close(resolve) }))
  const { port } = server.server.address() as AddressInfo
  return {
    settings: {
      MAIL_URL: `smtp://parley:${encodeURIComponent(smtpPassword)}@127.0.0.1:${port}?tls.rejectUnauthorized=false`,
      MAIL_FROM: 'Parley <parley@example.com>',
      PUBLIC_URL: 'https://chat.example.com/parley'
    },
    next: async (to) => (await recorder.nextOf([to], () => true, 10_000)).payload as Mail,
    get recipients () { return recorder.received.map(({ event }) => event) }
  }
}

function toMail (to: string, raw: string): Mail {
  const header = (name: string) => new RegExp(`^${name}: (.*)$`, 'mi').exec(raw)?.[1] ?? ''
  return { to, from: header('From'), subject: header('Subject'), raw: readable(raw) }
}

/** Quoted-printable, undone. */
function readable (raw: string): string {
  return raw.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
}

/** What a link in a letter ends with. */
export function tokenOf (letter: string, purpose: 'recovery' | 'verification'): string {
  const token = new RegExp(`https?://\\S+#/${purpose}/([A-Za-z0-9_-]{43})`).exec(letter)?.[1]
  if (token) return token
  throw new Error(`There is no link for ${purpose} in: ${letter}`)
}
