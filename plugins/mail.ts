import fp from 'fastify-plugin'
import { Counter } from 'prom-client'
import type { Mailer } from '../domain/letters.ts'
import type { Config } from './config.ts'
import { openPostOffice } from './mail/post-office.ts'
import type { MailTransport } from './mail/transport.ts'
import { openWebhook } from './mail/webhook.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** How letters leave; null where neither SMTP nor a webhook is set up. */
    mailer: Mailer | null
  }
}

/** Letters of one kind to one address about one account in an hour, from one node: nobody's mailbox is filled through us. */
const mostToOne = 5

/** Mail: the links that prove an address and that set a new password. */
export const mailPlugin = fp(async (app) => {
  const { PUBLIC_URL: publicUrl } = app.config
  const transport = publicUrl === undefined ? undefined : await openTransport(app.config, new URL(publicUrl).host)
  if (publicUrl === undefined || !transport) {
    app.decorate('mailer', null)
    return
  }
  const letters = new Counter({
    name: 'parley_letters_total',
    help: 'Letters by kind and by what became of them: sent, failed, or dropped because too many were waiting.',
    labelNames: ['kind', 'outcome'],
    registers: [app.metrics]
  })
  const office = openPostOffice({
    transport,
    publicUrl,
    log: app.log,
    mostToOne: app.config.LIMITS === 'relaxed' ? mostToOne * 1000 : mostToOne,
    onOutcome: (kind, outcome) => { letters.inc({ kind, outcome }) }
  })
  app.decorate('mailer', office)
  // Before Postgres is closed, which a letter may need that waits for its turn.
  app.addHook('onClose', () => office.close())
}, { name: 'mail', dependencies: ['config', 'metrics', 'database'] })

async function openTransport (config: Config, site: string): Promise<MailTransport | undefined> {
  const { NODE_ENV, MAIL_URL, MAIL_FROM, MAIL_WEBHOOK_URL, MAIL_WEBHOOK_SECRET } = config
  if (MAIL_URL !== undefined && MAIL_FROM !== undefined) {
    // Large, and needed by nobody else.
    const { openSmtp } = await import('./mail/smtp.ts')
    return openSmtp({ url: MAIL_URL, from: MAIL_FROM, site, isProduction: NODE_ENV === 'production' })
  }
  if (MAIL_WEBHOOK_URL !== undefined && MAIL_WEBHOOK_SECRET !== undefined) return openWebhook({ url: MAIL_WEBHOOK_URL, secret: MAIL_WEBHOOK_SECRET })
}
