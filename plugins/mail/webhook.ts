import { createHmac } from 'node:crypto'
import type { Letter } from '../../domain/letters.ts'
import { attempt } from './attempt.ts'
import { DeliveryFailure, reasonOf, type MailTransport } from './transport.ts'

export interface WebhookOptions {
  url: string
  secret: string
}

/** Letters as JSON to a server of the operator's, signed as Standard Webhooks (standardwebhooks.com) says. */
export function openWebhook ({ url, secret }: WebhookOptions): MailTransport {
  const key = webhookKey(secret)

  function sign (id: string, body: string): Record<string, string> {
    const timestamp = Math.floor(Date.now() / 1000).toString()
    const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')
    return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` }
  }

  async function post (letter: Letter, id: string, signal: AbortSignal): Promise<number> {
    const body = JSON.stringify(letter)
    try {
      return await attempt(signal, async (signal) => {
        const response = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'user-agent': 'parley', ...sign(id, body) },
          body,
          // A letter goes where the operator said, and nowhere else.
          redirect: 'manual',
          signal
        })
        await response.body?.cancel()
        return response.status
      })
    } catch (error) {
      throw new DeliveryFailure(reasonOf(error), true)
    }
  }

  return {
    async deliver (letter, id, signal) {
      const status = await post(letter, id, signal)
      if (status >= 200 && status < 300) return
      throw new DeliveryFailure(`the webhook answered ${status}`, status >= 500 || status === 429 || status === 408)
    },
    close () {}
  }
}

/** What `whsec_` begins is base64, as receivers know it; anything else is the key as it stands. */
export function webhookKey (secret: string): Buffer {
  const prefix = 'whsec_'
  return secret.startsWith(prefix) ? Buffer.from(secret.slice(prefix.length), 'base64') : Buffer.from(secret)
}
