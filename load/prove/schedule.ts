import { setTimeout as sleep } from 'node:timers/promises'
import { isReady, type Fault, type World } from './faults/index.ts'
import { measureHealing, type ProbeOptions } from './probe.ts'
import type { FaultResult } from './report/report.ts'

interface ScheduleOptions {
  world: World
  faults: Fault[]
  startedAt: number
  /** When no further fault is begun. */
  endsAt: number
  probe: Pick<ProbeOptions, 'crowd' | 'onAsk'>
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

async function breakOnce (fault: Fault, { world, startedAt, probe, print }: ScheduleOptions): Promise<FaultResult> {
  const atMs = Date.now() - startedAt
  const { detail, holdMs, lift, mutedNodes = [] } = await fault.inject(world)
  print(`${stamp(atMs)}  ${fault.name} (${detail})${holdMs > 0 ? ` for ${(holdMs / 1000).toFixed(1)} s` : ''}`)
  const { crowd } = probe
  const duringMs = fault.duringMs === undefined ? undefined : await measureDuring(fault.duringMs)
  await sleep(Math.max(0, startedAt + atMs + holdMs - Date.now()))
  await lift?.()
  const liftedAtMs = Date.now() - startedAt
  const areReady = async (): Promise<boolean> => (await Promise.all(world.cluster.nodes.map(({ url }) => isReady(url)))).every(Boolean)
  const healedMs = await measureHealing({ ...probe, clients: crowd.clients, withinMs: fault.healMs, alsoWhen: areReady }) ?? null
  print(`${stamp(Date.now() - startedAt)}  ${fault.name}: ${healedMs === null ? `NOT healed within ${fault.healMs / 1000} s` : `healed after ${(healedMs / 1000).toFixed(2)} s`}${duringMs === undefined ? '' : `, heard after ${duringMs === null ? 'NEVER' : `${(duringMs / 1000).toFixed(2)} s`} while it stood`}`)
  return { name: fault.name, detail, atMs, liftedAtMs, ...(duringMs !== undefined && { duringMs }), healedMs, isKept: healedMs !== null && duringMs !== null }

  /** Who is where is asked anew: whoever was on a muted node may have moved. */
  async function measureDuring (withinMs: number): Promise<number | null> {
    const clients = crowd.clients.filter(({ node, isConnected }) => isConnected && !mutedNodes.includes(node ?? ''))
    return await measureHealing({ ...probe, clients, withinMs }) ?? null
  }
}

export function stamp (ms: number): string {
  return `${(ms / 1000).toFixed(1).padStart(6)} s`
}
