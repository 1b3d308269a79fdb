import type { TestNode } from './node.ts'
import type { Person } from './person.ts'

/** Makes the session of this device one that began some minutes ago. */
export async function age (node: TestNode, { jar }: Person, minutes: number): Promise<void> {
  const { commands, name } = node.app.redis
  const sid = (await node.app.readSession(jar.header))?.session.sid ?? ''
  const key = name('session', `{${sid}}`)
  const kept = await commands.get(key) ?? ''
  await commands.set(key, kept.replace(/"createdAt":(\d+)/, (_, at: string) => `"createdAt":${Number(at) - minutes * 60_000}`), 'KEEPTTL')
}
