import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { createRest } from '../../sdk/rest.ts'
import { signIn } from './clients/account.ts'
import { attemptByRest } from './clients/attempt.ts'
import type { Client } from './clients/client.ts'
import type { Crowd } from './crowd.ts'
import type { CommandRecord } from './history.ts'

const everyMs = 20
const repeatAfterMs = 100

interface Node {
  name: string
  url: string
}

export interface ProbeOptions {
  crowd: Crowd
  onAsk: (command: CommandRecord) => void
  /** Through each of these something is said. */
  speakers: Node[]
  /** Each of these must be connected and hear all of it. */
  clients: Client[]
  withinMs: number
  /** What must hold beside. */
  alsoWhen?: () => boolean | Promise<boolean>
}

/**
 * Has something said in the quiet room through each of the nodes, and waits until all the given clients have heard all of it.
 *
 * @returns how long that took in milliseconds, from now; undefined when it did not happen in time
 */
export async function measureHealing (options: ProbeOptions): Promise<number | undefined> {
  const { speakers, clients, withinMs, alsoWhen = () => true } = options
  const startedAt = Date.now()
  const deadline = startedAt + withinMs
  const probes = speakers.map((node) => sendProbe(options, node, deadline))
  while (Date.now() < deadline) {
    const haveHeard = clients.every((client) => client.isConnected && probes.every(({ id }) => id !== undefined && client.hasSeen(id)))
    if (haveHeard && await alsoWhen()) return Date.now() - startedAt
    await sleep(everyMs)
  }
  return undefined
}

/** What was said through one node, once it is acked. */
interface Probe {
  id?: string
}

function sendProbe (options: ProbeOptions, node: Node, deadline: number): Probe {
  const probe: Probe = {}
  const send = async (): Promise<void> => {
    while (Date.now() < deadline) {
      const command = await say(options, node)
      if (command.attempts.some(({ outcome }) => outcome?.ok)) {
        probe.id = command.id
        return
      }
      await sleep(repeatAfterMs)
    }
  }
  void send()
  return probe
}

/** By whoever has a socket there, since that works without Redis; where nobody is, by REST. */
async function say ({ crowd, onAsk }: ProbeOptions, { name, url }: Node): Promise<CommandRecord> {
  const { clients, host, quiet } = crowd
  const speaker = clients.find((client) => client.node === name && client.isConnected)
  const command: CommandRecord = {
    client: speaker?.name ?? host.username,
    userId: speaker?.userId ?? host.userId,
    kind: 'send',
    roomId: quiet.id,
    id: randomUUID(),
    text: `can you hear me through ${name}?`,
    attempts: []
  }
  onAsk(command)
  if (speaker) {
    await speaker.say(command)
  } else {
    const { outcome } = await attemptByRest(createRest({ url, jar: host.jar, fetch, timeoutMs: 3000 }), command)
    if (outcome?.ok === false && outcome.code === 'session.required') await signIn(host.rest, host)
  }
  return command
}
