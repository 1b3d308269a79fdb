import { Writable } from 'node:stream'
import { pino } from 'pino'
import { buildApp } from '../../app.ts'
import { readConfig } from '../../plugins/config.ts'
import { testEnvironment } from './node.ts'
import { Recorder } from './recorder.ts'
import type { TestSocket } from './socket.ts'
import { createStores, type Ending } from './stores.ts'

export interface LogLine {
  level: number
  msg: string
  [field: string]: unknown
}

/** A node that writes everything that it logs into a text. */
export async function startLoggingNode (t: Ending, settings: Record<string, string> = {}) {
  const recorder = new Recorder()
  const texts: string[] = []
  const lines: LogLine[] = []
  const stream = new Writable({
    write (chunk: Buffer, _encoding, done) {
      const line = JSON.parse(chunk.toString()) as LogLine
      texts.push(chunk.toString())
      lines.push(line)
      recorder.add(line.msg, line)
      done()
    }
  })
  const config = readConfig(testEnvironment(await createStores(t), { LOG_LEVEL: 'trace', ...settings }))
  const app = await buildApp({ config, logger: pino({ level: 'trace' }, stream) })
  const sockets = new Set<TestSocket>()
  let closed: Promise<void> | undefined
  const close = () => (closed ??= app.close())
  t.teardown(async () => {
    for (const socket of sockets) socket.close()
    await close()
  })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  return {
    app,
    url,
    name: 'n1',
    sockets,
    close,
    log: () => texts.join(''),
    lines,
    /** The next line with this message. */
    logged: async (message: string) => (await recorder.nextOf([message], () => true, 20_000)).payload as LogLine
  }
}
