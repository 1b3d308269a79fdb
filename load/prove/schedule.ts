import { setTimeout as sleep } from 'node:timers/promises'
import type { Conditions, Silence } from './conditions.ts'
import { isReady, type Fault, type Standing, type World } from './faults/index.ts'
import { measureHealing, type ProbeOptions } from './probe.ts'
import type { FaultResult } from './report/report.ts'

interface ScheduleOptions {
  world: World
  faults: Fault[]
  startedAt: number
  /** When no further fault is begun. */
  endsAt: number
  probe: Pick<ProbeOptions, 'crowd' | 'onAsk'>
  /** What is broken is written down there. */
  conditions: Conditions
  /** Everybody was signed out between these two moments. */
  onSignedOut: (from: number, until: number) => void
  print: (line: string) => void
}

/** Faults one after the other, all of them before any comes again, with a pause in which all is well. */
export async function breakThings (options: ScheduleOptions): Promise<FaultResult[]> {
  const { world: { random }, faults, endsAt } = options
  const results: FaultResult[] = []
  while (faults.length > 0) {
    for (const fault of random.shuffle(faults)) {
      await sleep(random.between(500, 2500))
      if (Date.now() >= endsAt) return results
      results.push(await breakOnce(fault, options))
    }
  }
  await sleep(Math.max(0, endsAt - Date.now()))
  return results
}

async function breakOnce (fault: Fault, options: ScheduleOptions): Promise<FaultResult> {
  const { world, startedAt, probe, conditions, print } = options
  const { cluster: { nodes } } = world
  const { clients } = probe.crowd
  const atMs = Date.now() - startedAt
  const connections = new Map(clients.map((client) => [client, client.connectionCount]))
  const disturbance = { name: fault.name, from: Date.now(), until: Infinity }
  conditions.disturbances.push(disturbance)
  const { detail, holdMs, lift, mutedNodes = [], silentNodes = mutedNodes, areAllSignedOut = false, asleep } = await fault.inject(world)
  const silences = toSilences(asleep, disturbance.from)
  conditions.silences.push(...silences)
  if (areAllSignedOut) {
    conditions.silences.push(...nodes.map(({ name }) => ({ node: name, why: 'emptied' as const, from: disturbance.from, until: Date.now() })))
    options.onSignedOut(disturbance.from, Date.now())
  }
  print(`${stamp(atMs)}  ${fault.name} (${detail})${holdMs > 0 ? ` for ${inSeconds(holdMs)}` : ''}`)

  const duringMs = fault.duringMs === undefined ? undefined : await measureDuring(fault.duringMs)
  await sleep(Math.max(0, startedAt + atMs + holdMs - Date.now()))
  await lift?.()
  for (const silence of silences) silence.until = Date.now()
  const liftedAtMs = Date.now() - startedAt

  const isAllNew = (): boolean => !areAllSignedOut || clients.every((client) => client.connectionCount > (connections.get(client) ?? 0))
  const healedMs = await measureHealing({
    ...probe,
    speakers: [...nodes],
    clients,
    withinMs: fault.healMs,
    alsoWhen: async () => isAllNew() && (await Promise.all(nodes.map(({ url }) => isReady(url)))).every(Boolean)
  }) ?? null
  disturbance.until = Date.now()
  const result = { name: fault.name, detail, atMs, liftedAtMs, ...(duringMs !== undefined && { duringMs }), healedMs, isKept: healedMs !== null && duringMs !== null }
  print(`${stamp(Date.now() - startedAt)}  ${describe(result)}`)
  return result

  /** Through a node without sockets one could only speak by REST, which needs Redis. */
  async function measureDuring (withinMs: number): Promise<number | null> {
    const hearing = clients.filter(({ node = '', isConnected }) => isConnected && !mutedNodes.includes(node))
    const speakers = nodes.filter(({ name }) => !silentNodes.includes(name) && hearing.some(({ node }) => node === name))
    return await measureHealing({ ...probe, speakers, clients: hearing, withinMs }) ?? null
  }
}

function toSilences (asleep: Standing['asleep'], from: number): Silence[] {
  return asleep?.nodes.map((node) => ({ node, why: asleep.why, from, until: Infinity })) ?? []
}

function describe ({ name, duringMs, healedMs }: FaultResult): string {
  const heard = duringMs === undefined ? '' : `, everybody heard after ${duringMs === null ? 'MORE THAN IS PROMISED' : inSeconds(duringMs)} while it lasted`
  return `${name}: ${healedMs === null ? 'NOT healed in time' : `healed after ${inSeconds(healedMs)}`}${heard}`
}

function inSeconds (ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`
}

export function stamp (ms: number): string {
  return `${(ms / 1000).toFixed(1).padStart(6)} s`
}
