import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { Recorder } from '../helpers/recorder.ts'
import type { Ending } from '../helpers/stores.ts'

export const webhookSecret = 'a secret for the webhook that has 32 characters or more'

export interface Post {
  path: string
  headers: IncomingHttpHeaders
  raw: string
  body: { kind: string, to: string, username: string, link: string, expiresAt: string }
}

/** A server of the operator's that takes letters. Answers with the statuses given, then with 204; 0 does not answer at all. */
export async function startWebhook (t: Ending, statuses: number[] = []) {
  const recorder = new Recorder()
  const left = [...statuses]
  const server = createServer((request, response) => {
    void text(request).then((raw) => {
      const status = left.shift() ?? 204
      recorder.add('post', { path: request.url ?? '', headers: request.headers, raw, body: JSON.parse(raw) as Post['body'] } satisfies Post)
      if (status === 0) return
      response.writeHead(status, { location: '/elsewhere' }).end(status === 204 ? undefined : `no thanks for ${raw}`)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => new Promise<void>((resolve) => {
    server.close(() => { resolve() })
    server.closeAllConnections()
  }))
  const { port } = server.address() as AddressInfo
  return {
    settings: {
      MAIL_WEBHOOK_URL: `http://127.0.0.1:${port}/letters?for=parley`,
      MAIL_WEBHOOK_SECRET: webhookSecret,
      PUBLIC_URL: 'https://chat.example.com'
    },
    next: async () => (await recorder.nextOf(['post'], () => true, 10_000)).payload as Post,
    get posts () { return recorder.received.map(({ payload }) => payload as Post) }
  }
}

/** As a receiver checks it, by the rules of Standard Webhooks. */
export function isSigned ({ headers, raw }: Post, secret: string | Buffer = webhookSecret): boolean {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature } = headers
  const expected = createHmac('sha256', secret).update(`${String(id)}.${String(timestamp)}.${raw}`).digest('base64')
  return signature === `v1,${expected}` && Math.abs(Date.now() / 1000 - Number(timestamp)) < 60
}
