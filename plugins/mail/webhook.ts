import { createHmac } from 'node:crypto'
import type { Letter } from '../../domain/letters.ts'
import { attemptMs, DeliveryFailure, reasonOf, type MailTransport } from './transport.ts'

export interface WebhookOptions {
  url: string
  secret: string
}

/** Letters as JSON to a server of the operator's, signed as Standard Webhooks (standardwebhooks.com) says. */
export function openWebhook ({ url, secret }: WebhookOptions): MailTransport {
  function sign (id: string, body: string): Record<string, string> {
    const timestamp = Math.floor(Date.now() / 1000).toString()
    const signature = createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64')
    return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` }
  }

  async function post (letter: Letter, id: string, signal: AbortSignal): Promise<number> {
    const body = JSON.stringify(letter)
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'user-agent': 'parley', ...sign(id, body) },
        body,
        // A letter goes where the operator said, and nowhere else.
        redirect: 'manual',
        signal: AbortSignal.any([signal, AbortSignal.timeout(attemptMs)])
      })
      await response.body?.cancel()
      return response.status
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
