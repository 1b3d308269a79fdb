import { join } from 'node:path'
import type { Candidate, Running } from './candidates/candidate.ts'
import { startMeter, type Usage } from './meter.ts'
import type { CandidateName, PartName, Sample } from './sample.ts'
import type { Stage } from './stage.ts'

/** One candidate, started anew on so many nodes. */
export interface Round {
  part: PartName
  candidate: CandidateName
  nodes: number
  repeat: number
  running: Running
}

export interface RoundsOptions {
  part: PartName
  candidates: Candidate[]
  nodeCounts: number[]
  redisUrlOf?: (index: number) => string
}

/** Runs every candidate on every number of nodes, again and again; another one is first each time, so that drift hits all alike. */
export async function alternate (stage: Stage, options: RoundsOptions, run: (round: Round) => Promise<Sample[]>): Promise<Sample[]> {
  const { part, candidates, nodeCounts, redisUrlOf } = options
  const { sizes, signal, crew, say } = stage
  const samples: Sample[] = []
  for (let repeat = 0; repeat < sizes.repeats; repeat++) {
    const order = candidates.map((_, index) => candidates[(index + repeat) % candidates.length] as Candidate)
    for (const nodes of nodeCounts) {
      for (const candidate of order) {
        signal.throwIfAborted()
        const running = await candidate.start(stage, nodes, redisUrlOf)
        try {
          const found = await run({ part, candidate: candidate.name, nodes, repeat, running })
          for (const sample of found) say(describe(sample))
          samples.push(...found)
        } finally {
          await crew.close()
          await running.stop()
        }
      }
    }
  }
  return samples
}

/** They do not know of it: what it still does for what was measured before is not theirs. */
const withoutPostgres = new Set<CandidateName>(['bare', 'batched', 'raw'])

/** Measures what this costs the servers, and takes a profile of it when that is wanted. */
export async function measure<T> (stage: Stage, round: Round, window: string, work: () => Promise<T>): Promise<{ usage: Usage, result: T }> {
  const { crew, profiles, stores } = stage
  const { part, candidate, nodes, repeat, running } = round
  const endProfile = profiles !== undefined && candidate === 'parley' ? await running.nodes[0]?.profile() : undefined
  const endMeter = startMeter({
    nodes: running.nodes.map(({ pid }) => pid),
    redis: stores.redisPid,
    postgres: withoutPostgres.has(candidate) ? undefined : stores.postgresPid,
    load: [process.pid, ...crew.pids]
  })
  const result = await work()
  const usage = endMeter()
  const file = [part, window, `${nodes}-nodes`, repeat].join('-').replaceAll(' ', '-')
  if (profiles !== undefined) await endProfile?.(join(profiles, `${file}.cpuprofile`))
  return { usage, result }
}

function describe ({ window, candidate, nodes, repeat, values, othersShare, faults }: Sample): string {
  const figures = Object.entries(values).map(([name, value]) => `${name} ${value >= 100 ? value.toFixed(0) : value.toFixed(2)}`)
  const where = `${window.padEnd(12)} ${candidate.padEnd(8)} ${nodes} ${nodes === 1 ? 'node ' : 'nodes'} #${repeat + 1}`
  return `         ${where}  ${figures.join('  ')}  others ${(100 * othersShare).toFixed(0)} %${faults.map((fault) => `  VOID: ${fault}`).join('')}`
}
