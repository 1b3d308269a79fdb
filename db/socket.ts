import { connect, type Socket } from 'node:net'

/** What postgres.js hands to whoever makes its sockets. */
interface Target {
  host: string[]
  port: number[]
  path?: string | false
}

/**
 * Makes sockets that give up when nothing is heard for so long. Postgres itself ends what takes too long, and says so;
 * silence means that the way to it is cut, which otherwise nobody would notice for minutes.
 */
export function createSocketFactory (silenceMs: number): (target: Target) => Socket {
  let attempt = 0
  return ({ host, port, path }) => {
    const index = attempt++ % host.length
    const socket = path ? connect(path) : connect(port[index] ?? 5432, host[index] ?? 'localhost')
    // The one who asked buffers what it writes until the socket is connected.
    return socket.setTimeout(silenceMs, () => {
      socket.destroy(Object.assign(new Error(`Nothing was heard from Postgres for ${silenceMs} ms.`), { code: 'ETIMEDOUT' }))
    })
  }
}
