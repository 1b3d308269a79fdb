import { get } from 'node:http'

/** The status of a GET, over a connection of its own, so that it holds none open on a node that drains. */
export function httpStatus (url: string, timeoutMs: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent: false, signal: AbortSignal.timeout(timeoutMs) }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    request.once('error', reject)
  })
}

export async function expectReady (url: string): Promise<void> {
  const status = await httpStatus(`${url}/readyz`, 2_000)
  if (status !== 200) throw new Error(`${url}/readyz answers ${status}`)
}
