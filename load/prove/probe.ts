import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { persist } from './clients/account.ts'
import { attemptByRest } from './clients/attempt.ts'
import type { Client } from './clients/client.ts'
import type { Crowd } from './crowd.ts'
import type { CommandRecord } from './history.ts'
import { asHost } from './membership.ts'

const everyMs = 25
const probeEveryMs = 500

export interface ProbeOptions {
  crowd: Crowd
  onAsk: (command: CommandRecord) => void
  /** Of these, all must see it. */
  clients: Client[]
  withinMs: number
  /** What must hold beside. */
  alsoWhen?: () => Promise<boolean>
}

/**
 * Sends messages until one of them has been seen by all the given clients.
 *
 * @returns how long that took in milliseconds, from now; undefined when it did not happen in time
 */
export async function measureHealing ({ crowd, onAsk, clients, withinMs, alsoWhen = async () => true }: ProbeOptions): Promise<number | undefined> {
  const startedAt = Date.now()
  const deadline = startedAt + withinMs
  const ids: string[] = []
  let sentAt = 0
  let isSending = false
  while (Date.now() < deadline) {
    if (ids.some((id) => clients.every((client) => client.isConnected && client.hasSeen(id))) && await alsoWhen()) return Date.now() - startedAt
    if (!isSending && Date.now() - sentAt > probeEveryMs) {
      sentAt = Date.now()
      isSending = true
      void sendProbe(crowd, onAsk, deadline).then((id) => {
        if (id !== undefined) ids.push(id)
        isSending = false
      })
    }
    await sleep(everyMs)
  }
  return undefined
}

/** Says something in the plaza and answers with its id, once it is acked. */
async function sendProbe (crowd: Crowd, onAsk: ProbeOptions['onAsk'], deadline: number): Promise<string | undefined> {
  const { host, rooms: [plaza] } = crowd
  const command: CommandRecord = {
    client: host.username, userId: host.userId, kind: 'send', roomId: plaza.id, id: randomUUID(), text: 'can everybody hear me?', attempts: []
  }
  onAsk(command)
  while (Date.now() < deadline) {
    const { outcome } = await attemptByRest(host.rest, command)
    if (outcome?.ok) return command.id
    if (outcome?.code === 'session.required') await asHost(crowd, () => persist(() => host.rest('getUser')))
    else await sleep(200)
  }
  return undefined
}
