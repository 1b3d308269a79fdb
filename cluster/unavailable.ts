/** The contract's shape of an error, for what no node could answer. */
export function unavailableBody (message: string): string {
  return JSON.stringify({ error: { code: 'server.unavailable', message, retryable: true } })
}

export const noNode = 'No node can serve this at the moment. Try again shortly.'
export const noAnswer = 'The node went away before it answered. Try again.'
