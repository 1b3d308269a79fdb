import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'

// Above the usual services, and below 32768, where Linux begins to hand out ports for outgoing connections.
const firstPort = 15_000
const lastPort = 32_000

const handedOut = new Set<number>()

/** Says why nobody can listen there (`EADDRINUSE`, `EACCES`), or nothing when it is free. */
export async function portProblem (port: number, host = '127.0.0.1'): Promise<string | undefined> {
  const server = createServer()
  try {
    server.listen(port, host)
    await once(server, 'listening')
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error)
  }
  server.close()
  await once(server, 'close')
}

/** A port of 127.0.0.1, picked at random so that clusters that start at the same moment do not meet. */
export async function findFreePort (): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = randomInt(firstPort, lastPort)
    if (handedOut.has(port) || await portProblem(port)) continue
    handedOut.add(port)
    return port
  }
  throw new Error(`No free port was found between ${firstPort} and ${lastPort}.`)
}
