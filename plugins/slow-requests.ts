import type { IncomingMessage } from 'node:http'
import { refuseConnection } from './refused-connections.ts'

const timers = new WeakMap<IncomingMessage, NodeJS.Timeout>()

/**
 * Gives a request so long, from now on, to arrive with its body; then it is answered `request.timeout`. Node has one such
 * time for all requests of a server: this one can be given anew to a request that deserves more.
 */
export function boundArrival (request: IncomingMessage, ms: number): void {
  const { headers } = request
  if (request.complete || (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined)) return
  const known = timers.get(request)
  clearTimeout(known)
  if (!known) request.once('close', () => { clearTimeout(timers.get(request)) })
  timers.set(request, setTimeout(() => {
    const late = Object.assign(new Error('The request did not arrive in time.'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' })
    if (!request.complete) refuseConnection(late, request.socket)
  }, ms).unref())
}

/** Whether it looks like the upload of a file, which may take longer. */
export function isUpload ({ method, url }: IncomingMessage): boolean {
  return method === 'POST' && /^\/api\/rooms\/[^/]+\/attachments$/.test(url ?? '')
}
