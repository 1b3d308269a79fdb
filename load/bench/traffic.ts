import type { DriveOptions } from './crew/crew.ts'
import type { CandidateName, Sample } from './sample.ts'
import { perUnit } from './sample.ts'
import { measure, type Round } from './rounds.ts'
import type { Stage } from './stage.ts'

/**
 * One window of messages: it begins with nothing on its way, and ends when everybody has everything, so that exactly what
 * was counted was paid for.
 */
export async function sendMessages (stage: Stage, round: Round, window: string, options: DriveOptions): Promise<Sample> {
  const { crew } = stage
  const { part, candidate, nodes, repeat } = round
  await crew.reset()
  const { usage, result: { driven, received } } = await measure(stage, round, window, async () => {
    const driven = await crew.drive(options)
    return { driven, received: await crew.settle(driven.acked) }
  })
  const acks = Object.values(driven.acked).reduce((sum, count) => sum + count, 0)
  const unit = part === 'sends' ? acks : received.deliveries
  return {
    part,
    window,
    candidate,
    nodes,
    repeat,
    values: {
      ...perUnit(usage, unit),
      acksPerSecond: acks / driven.elapsedMs * 1000,
      deliveriesPerSecond: received.deliveries / driven.elapsedMs * 1000,
      deliveryP50Ms: received.us.percentile(0.5) / 1000,
      deliveryP99Ms: received.us.percentile(0.99) / 1000,
      ackP50Ms: driven.ackUs.percentile(0.5) / 1000,
      ackP99Ms: driven.ackUs.percentile(0.99) / 1000,
      bytes: received.bytes / unit,
      frames: received.frames / unit,
      loadUs: usage.loadUs / unit
    },
    othersShare: usage.othersShare,
    faults: findFaults(candidate, driven, received)
  }
}

/** What makes a figure void: work that was not done, or not rightly. */
function findFaults (
  candidate: CandidateName,
  { refused, unanswered }: { refused: Record<string, number>, unanswered: number },
  { missing, surplus, disordered, lostConnections }: { missing: number, surplus: number, disordered: number, lostConnections: number }
): string[] {
  const counts = {
    'deliveries missing': missing,
    'deliveries too many': surplus,
    'frames out of order': disordered,
    'connections lost': lostConnections,
    'sends unanswered': unanswered,
    ...Object.fromEntries(Object.entries(refused).map(([code, count]) => [`sends refused with ${code}`, count]))
  }
  return Object.entries(counts).filter(([, count]) => count > 0).map(([what, count]) => `${candidate}: ${count} ${what}`)
}

/** Sends for a moment, so that nothing is measured while it is compiled. */
export async function warmUp (stage: Stage, options: Omit<DriveOptions, 'durationMs'>): Promise<void> {
  const { acked } = await stage.crew.drive({ ...options, durationMs: stage.sizes.warmUpMs })
  await stage.crew.settle(acked)
}
