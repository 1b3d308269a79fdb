import { Writable } from 'node:stream'
import { pino } from 'pino'
import { buildApp } from '../../app.ts'
import { readConfig } from '../../plugins/config.ts'
import { testEnvironment } from '../helpers/node.ts'
import type { Person } from '../helpers/person.ts'
import { Recorder } from '../helpers/recorder.ts'
import type { TestSocket } from '../helpers/socket.ts'
import { createStores, type Ending } from '../helpers/stores.ts'
import { tokenOf, type Mailbox } from './mailbox.ts'

/** Gives somebody this address, and proves it with the link that comes there. */
export async function verifyEmail (person: Person, email: string, mailbox: Mailbox): Promise<void> {
  await person.patch('/auth/user', { email })
  const token = tokenOf((await mailbox.next(email)).raw, 'verification')
  const { status } = await person.post('/auth/email/verification/confirm', { token })
  if (status !== 204) throw new Error(`${email} was not verified, but answered with ${status}.`)
}

/** Asks for recovery of this account, and resolves with the token that comes to its address. */
export async function askForToken (person: Person, email: string, mailbox: Mailbox): Promise<string> {
  const { status } = await person.post('/auth/recovery', { username: person.username })
  if (status !== 204) throw new Error(`Recovery was answered with ${status}.`)
  return tokenOf((await mailbox.next(email)).raw, 'recovery')
}

/** A node that writes everything that it logs into a text. */
export async function startLoggingNode (t: Ending, settings: Record<string, string>) {
  const recorder = new Recorder()
  const lines: string[] = []
  const stream = new Writable({
    write (chunk: Buffer, _encoding, done) {
      const line = JSON.parse(chunk.toString()) as { msg: string }
      lines.push(chunk.toString())
      recorder.add(line.msg, line)
      done()
    }
  })
  const stores = await createStores(t)
  const app = await buildApp({ config: readConfig(testEnvironment(stores, settings)), logger: pino({ level: 'trace' }, stream) })
  let closed: Promise<void> | undefined
  const close = () => (closed ??= app.close())
  t.teardown(close)
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  return {
    app,
    url,
    name: 'n1',
    sockets: new Set<TestSocket>(),
    close,
    log: () => lines.join(''),
    /** The next line with this message. */
    logged: async (message: string) => (await recorder.nextOf([message], () => true, 20_000)).payload as Record<string, unknown>
  }
}
