import { countDifferences } from './check/compare-digests.ts'
import { now, sleepUntil } from './clock.ts'
import { Host } from './host.ts'
import type { Options } from './options.ts'
import type { Task } from './orders.ts'
import type { Plan } from './plan.ts'
import { describeLimits, describeRun, type Progress } from './progress.ts'
import type { ScenarioResult } from './report/report.ts'
import { summarize } from './report/summarize.ts'
import type { Target } from './target.ts'
import { Totals } from './totals.ts'
import { ServerWatch } from './watch/server-watch.ts'
import { WorkerProcess } from './worker-process.ts'

export interface Run {
  plan: Plan
  target: Target
  options: Pick<Options, 'prefix' | 'seed'>
  progress: Progress
  /** Ends it early: what has been measured is reported, if it came so far. */
  signal: AbortSignal
}

/** So that all workers have heard of the beginning before it. */
const leadMs = 300
/** For answers that are late, and people who are on their way. */
const talkOverMs = 120_000
const leaveMs = 60_000
/** By then the workers have said how the second was. */
const afterMs = 100
/** A notice that was lost is made good within 5 s. */
const settleMs = 20_000

/** One scenario from the first sign-in to the last sign-out. @throws Error when it could not be begun, or a worker ended. */
export async function runScenario (run: Run): Promise<ScenarioResult> {
  const { plan, target, options, signal } = run
  const totals = new Totals()
  const host = new Host(target.urls[0] as string, options.prefix, signal)
  const workers = Array.from({ length: plan.workers }, (_, index) => {
    const name = `worker ${index + 1}`
    return new WorkerProcess(name, (sample) => { totals.add(name, sample) })
  })
  const gathering = gather(run, workers, host, totals)
  try {
    const nodes = await unlessStopped(signal, gathering)
    const result = await measure(run, workers, totals, nodes)
    await Promise.all(workers.map((worker) => worker.ask('leave', null, leaveMs)))
    return result
  } finally {
    await Promise.all(workers.map((worker) => worker.kill()))
    await Promise.allSettled([gathering])
    await host.leave().catch((error: unknown) => { run.progress.say(`The rooms of this run are left: ${String(error)}`) })
  }
}

/** Signs everybody in, makes the rooms and brings all on line. @returns how many are on which node */
async function gather ({ plan, target, options, progress }: Run, workers: WorkerProcess[], host: Host, totals: Totals): Promise<Record<string, number>> {
  const known = new Set<string>()
  const ticker = setInterval(() => {
    for (const line of describeLimits(totals, known)) progress.say(line)
    progress.show(`${plan.scenario}  ${totals.signedIn}/${plan.people} signed in, ${totals.connected} connected`)
  }, 1000)
  try {
    const { people, rate, bytes, scenario } = plan
    const task: Omit<Task, 'part'> = { scenario, urls: target.urls, prefix: options.prefix, seed: options.seed, people, rate, bytes }
    await Promise.all([
      host.enter(),
      ...workers.map((worker, index) => worker.ask('signIn', { ...task, part: { index, count: workers.length } }))
    ])
    const seats = await host.makeRooms(plan)
    await Promise.all(workers.map((worker) => worker.ask('join', seats)))
    const order = { startsAt: now() + leadMs, rampMs: plan.rampSeconds * 1000 }
    const arrivals = await Promise.all(workers.map((worker) => worker.ask('arrive', order)))
    return mergeBy(arrivals.map(Object.entries<number>), (a, b) => a + b)
  } finally {
    clearInterval(ticker)
  }
}

async function measure ({ plan, target, progress, signal }: Run, workers: WorkerProcess[], totals: Totals, nodes: Record<string, number>): Promise<ScenarioResult> {
  const watch = new ServerWatch(target)
  await watch.begin()
  const startsAt = now() + leadMs
  const known = new Set<string>(Object.keys(totals.limited))
  const ending = new AbortController()
  const looking = lookEverySecond(startsAt, ending.signal, async (second) => {
    totals.addServers(second, await watch.sample(), watch.readMachine())
    for (const line of describeLimits(totals, known)) progress.say(line)
    progress.show(`${plan.scenario}  ${describeRun(totals, plan.seconds)}`)
  })
  const stop = (): void => { for (const worker of workers) worker.stop() }
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted) stop()
  try {
    const tops = await Promise.all(workers.map((worker) => worker.ask('talk', { startsAt, seconds: plan.seconds }, plan.seconds * 1000 + talkOverMs)))
    ending.abort()
    await looking
    const seconds = signal.aborted ? Math.max(1, Math.min(plan.seconds, Math.round((now() - startsAt) / 1000))) : plan.seconds
    const order = { tops: mergeBy(tops.map(Object.entries<number>), Math.max), withinMs: settleMs }
    const found = await Promise.all(workers.map((worker) => worker.ask('settle', order)))
    totals.differences = countDifferences(found.map(({ digests }) => digests))
    return summarize({
      plan,
      totals,
      seconds,
      wasStopped: signal.aborted,
      nodes,
      watched: watch.names,
      loads: found.map(({ load }, index) => ({ name: workers[index]?.name ?? '', ...load }))
    })
  } finally {
    signal.removeEventListener('abort', stop)
    ending.abort()
    await looking
  }
}

/** Calls it at the end of each second, until the signal, and once more for the last one. A look that takes longer leaves out the next one. */
async function lookEverySecond (startsAt: number, signal: AbortSignal, look: (second: number) => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    const second = Math.max(0, Math.floor((now() - startsAt) / 1000))
    await sleepUntil(startsAt + (second + 1) * 1000 + afterMs, signal)
    await look(second)
  }
}

function mergeBy (all: Array<Array<[string, number]>>, merge: (a: number, b: number) => number): Record<string, number> {
  const merged: Record<string, number> = {}
  for (const [key, value] of all.flat()) merged[key] = key in merged ? merge(merged[key] as number, value) : value
  return merged
}

/** The work, or the reason of the signal as soon as it is aborted. */
async function unlessStopped<T> (signal: AbortSignal, work: Promise<T>): Promise<T> {
  let onAbort: () => void = () => {}
  const stopped = new Promise<never>((_resolve, reject) => {
    onAbort = () => { reject(signal.reason as Error) }
    signal.addEventListener('abort', onAbort)
  })
  if (signal.aborted) onAbort()
  try {
    return await Promise.race([work, stopped])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
