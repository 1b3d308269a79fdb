import { complaint } from '../helpers/complaint.ts'
import { t } from '../suite.ts'

const smtp = { MAIL_URL: 'smtp://parley:geheim@mail.example.com:587', MAIL_FROM: 'Parley <parley@example.com>', PUBLIC_URL: 'https://chat.example.com' }
const webhook = { MAIL_WEBHOOK_URL: 'https://hooks.example.com/parley', MAIL_WEBHOOK_SECRET: 'geheim'.repeat(6), PUBLIC_URL: 'https://chat.example.com' }
const production = { NODE_ENV: 'production', LIMITS: 'standard' }

t.test('mail is set up whole, in one way, or not at all', async (t) => {
  const sentences: Array<[Record<string, string>, string]> = [
    [{ ...smtp, ...webhook }, 'MAIL_URL and MAIL_WEBHOOK_URL are two ways for the same mail: remove one of them.'],
    [{ ...smtp, MAIL_FROM: '' }, 'Set MAIL_FROM: MAIL_URL needs an address that mail comes from.'],
    [{ ...smtp, PUBLIC_URL: '' }, 'Set PUBLIC_URL: MAIL_URL needs to know where the links in the mail lead.'],
    [{ ...webhook, PUBLIC_URL: '' }, 'Set PUBLIC_URL: MAIL_WEBHOOK_URL needs to know where the links in the mail lead.'],
    [{ ...webhook, PUBLIC_URL: 'https://' }, 'Set PUBLIC_URL: it is no well-formed URL'],
    [{ ...webhook, MAIL_WEBHOOK_SECRET: '' }, 'Set MAIL_WEBHOOK_SECRET: MAIL_WEBHOOK_URL needs it to sign what it sends'],
    [{ ...webhook, MAIL_WEBHOOK_SECRET: `whsec_${'geheim'.repeat(5)}` }, 'Set MAIL_WEBHOOK_SECRET: after whsec_ it must be base64 of at least 24 bytes.'],
    [{ ...webhook, MAIL_WEBHOOK_URL: 'http://hooks.example.com', ...production }, 'Set MAIL_WEBHOOK_URL: it must begin with https:// in production'],
    [{ ...webhook, PUBLIC_URL: 'http://chat.example.com', ...production }, 'Set PUBLIC_URL: it must begin with https:// in production'],
    [{ ...smtp, PUBLIC_URL: 'http://chat.example.com', ...production }, 'Set PUBLIC_URL: it must begin with https:// in production'],
    [{ MAIL_FROM: 'parley@example.com' }, 'Set MAIL_URL, or remove MAIL_FROM: '],
    [{ ...webhook, MAIL_FROM: 'parley@example.com' }, 'Set MAIL_URL, or remove MAIL_FROM: '],
    [{ MAIL_WEBHOOK_SECRET: 'geheim'.repeat(6) }, 'Set MAIL_WEBHOOK_URL, or remove MAIL_WEBHOOK_SECRET: '],
    [{ ...webhook, MAIL_WEBHOOK_SECRET: 'geheim' }, 'Set MAIL_WEBHOOK_SECRET: it must have at least 32 characters.'],
    [{ ...webhook, MAIL_WEBHOOK_URL: 'https://alice:geheim@hooks.example.com' }, 'Set MAIL_WEBHOOK_URL: it must have no user and no password'],
    [{ ...webhook, MAIL_WEBHOOK_URL: 'https://' }, 'Set MAIL_WEBHOOK_URL: it is no well-formed URL.'],
    [{ ...webhook, MAIL_WEBHOOK_URL: 'hooks.example.com' }, 'Set MAIL_WEBHOOK_URL: it must begin with http:// or https://.'],
    [{ ...smtp, MAIL_URL: 'mail.example.com' }, 'Set MAIL_URL: it must begin with smtp:// or smtps://.'],
    [{ ...smtp, MAIL_URL: 'smtp://parley:100%geheim@mail.example.com' }, 'Set MAIL_URL: it is no well-formed URL.'],
    ...['parley', 'parley@', 'a@example.com, b@example.com', 'Parley <parley>', 'Parley\r\nBcc: <mallory@example.com>'].map((from): [Record<string, string>, string] =>
      [{ ...smtp, MAIL_FROM: from }, 'Set MAIL_FROM: it must be one address'])
  ]
  for (const [settings, sentence] of sentences) {
    const said = complaint(settings)
    t.match(said, `Parley cannot start. ${sentence}`, said)
    t.notMatch(said, 'geheim')
  }
})

t.test('what is set up right is taken', async (t) => {
  const taken: Array<Record<string, string>> = [
    {}, smtp, webhook, { ...smtp, MAIL_FROM: 'parley@example.com', MAIL_URL: 'smtps://127.0.0.1' },
    { ...webhook, MAIL_WEBHOOK_SECRET: `whsec_${'geheim'.repeat(6)}` }, { ...webhook, ...production },
    { ...webhook, ...production, MAIL_WEBHOOK_URL: 'http://127.0.0.1:4000', PUBLIC_URL: 'http://localhost:3000' }
  ]
  for (const settings of taken) t.equal(complaint(settings), '')
})
