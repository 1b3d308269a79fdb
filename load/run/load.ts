import { availableParallelism } from 'node:os'
import type { Options } from './options.ts'
import { makePlan, type Plan } from './plan.ts'
import type { Progress } from './progress.ts'
import type { LoadReport, ScenarioResult } from './report/report.ts'
import { formatScenario } from './report/table.ts'
import { runScenario } from './run-scenario.ts'
import { findScenario } from './scenarios/index.ts'
import { openTarget } from './target.ts'

/** Ends a run early. */
export class Stopped extends Error {
  constructor () {
    super('Stopped before anything was measured.')
  }
}

/** What each scenario will be. @throws Error with a sentence for the user. */
export function plan (options: Options): Plan[] {
  return options.scenarios.map((name) => makePlan(findScenario(name), options, availableParallelism()))
}

/**
 * Runs what was planned, one after another. When the signal is aborted, the one under way ends early and the others are left out.
 *
 * @throws Error with a sentence for the user when it could not be done.
 */
export async function load (options: Options, plans: Plan[], progress: Progress, signal: AbortSignal): Promise<LoadReport> {
  const startedAt = new Date().toISOString()
  const target = await openTarget(options, progress.say, signal)
  progress.say(`loading ${target.about}, seed ${options.seed}`)
  const results: ScenarioResult[] = []
  let failure: string | undefined
  try {
    for (const each of plans) {
      if (signal.aborted) break
      const result = await runScenario({ plan: each, target, options, progress, signal })
      results.push(result)
      progress.say(`\n${formatScenario(result)}\n`)
    }
  } catch (error) {
    // What was measured before is reported all the same.
    if (!(error instanceof Stopped)) failure = error instanceof Error ? error.message : String(error)
  } finally {
    await target.close()
  }
  return {
    isKept: failure === undefined && results.every(({ isKept }) => isKept),
    wasStopped: signal.aborted,
    ...(failure !== undefined && { failure }),
    startedAt,
    target: target.about,
    seed: options.seed,
    prefix: options.prefix,
    scenarios: results
  }
}
