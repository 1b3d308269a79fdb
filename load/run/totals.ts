import { Histogram } from '../light/histogram.ts'
import { sumFaults, type Faults } from './check/faults.ts'
import { measureNames, type Counts, type MeasureName, type Reasons } from './crew/tally.ts'
import type { Sample } from './orders.ts'
import type { ServerSample } from './watch/server-watch.ts'

/** One second of the measured time. */
interface Second {
  counts: Counts
  measures: Map<MeasureName, Histogram>
  failed: number
  connected: number
  servers: ServerSample[]
  /** Of this machine's cores, 0 to 1; null when nobody looked. */
  machine: number | null
}

/** What all workers and servers have said, added up. */
export class Totals {
  readonly #last = new Map<string, Sample>()
  readonly #seconds = new Map<number, Second>()
  readonly measures = new Map<MeasureName, Histogram>()
  readonly failed: Reasons = {}
  readonly retried: Reasons = {}
  readonly limited: Reasons = {}
  readonly counts: Counts = noCounts()
  /** Found by comparing the workers. */
  differences = 0

  add (worker: string, sample: Sample): void {
    this.#last.set(worker, sample)
    addReasons(this.failed, sample.failed)
    addReasons(this.retried, sample.retried)
    addReasons(this.limited, sample.limited)
    addCounts(this.counts, sample.counts)
    addMeasures(this.measures, sample)
    if (sample.second === null) return
    const second = this.#secondOf(sample.second)
    addCounts(second.counts, sample.counts)
    addMeasures(second.measures, sample)
    second.failed += Object.values(sample.failed).reduce((sum, count) => sum + count, 0)
    second.connected = this.connected
  }

  addServers (second: number, servers: ServerSample[], machine: number): void {
    Object.assign(this.#secondOf(second), { servers, machine })
  }

  get seconds (): ReadonlyMap<number, Second> { return this.#seconds }
  get last (): ReadonlyMap<string, Sample> { return this.#last }
  get connected (): number { return this.#sum(({ connected }) => connected) }
  get signedIn (): number { return this.#sum(({ signedIn }) => signedIn) }
  get failedCount (): number { return Object.values(this.failed).reduce((sum, count) => sum + count, 0) }

  get faults (): Faults {
    const sum = sumFaults([...this.#last.values()].map(({ faults }) => faults))
    return { ...sum, mismatched: sum.mismatched + this.differences }
  }

  #sum (of: (sample: Sample) => number): number {
    return [...this.#last.values()].reduce((sum, sample) => sum + of(sample), 0)
  }

  #secondOf (second: number): Second {
    let found = this.#seconds.get(second)
    if (!found) this.#seconds.set(second, found = { counts: noCounts(), measures: new Map(), failed: 0, connected: 0, servers: [], machine: null })
    return found
  }
}

function noCounts (): Counts {
  return { sent: 0, acked: 0, delivered: 0, caughtUp: 0, connects: 0 }
}

function addCounts (to: Counts, more: Counts): void {
  for (const name of Object.keys(to) as Array<keyof Counts>) to[name] += more[name]
}

function addReasons (to: Reasons, more: Reasons): void {
  for (const [reason, count] of Object.entries(more)) to[reason] = (to[reason] ?? 0) + count
}

function addMeasures (to: Map<MeasureName, Histogram>, { measures }: Sample): void {
  for (const name of measureNames) {
    const data = measures[name]
    if (!data) continue
    const histogram = to.get(name) ?? new Histogram()
    to.set(name, histogram)
    histogram.add(new Histogram(data))
  }
}
