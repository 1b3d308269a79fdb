import { fork, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { Histogram } from '../../light/histogram.ts'
import type { CandidateName } from '../sample.ts'
import type { DriveTask, Driven, Opened, Order, Outcome, Received, Seat, TaskName, Tasks } from './tasks.ts'

const script = fileURLToPath(new URL('./worker.js', import.meta.url))
const settleMs = 15_000
/** Longer than a change that was not heard may take. */
const watchMs = 40_000

class Worker {
  readonly child: ChildProcess
  readonly #waiting = new Map<number, { resolve: (result: unknown) => void, reject: (error: Error) => void }>()
  #lastId = 0

  constructor (name: string) {
    this.child = fork(script, [name], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    this.child.on('message', ({ id, result, failure }: Outcome) => {
      const waiting = this.#waiting.get(id)
      this.#waiting.delete(id)
      if (failure === undefined) waiting?.resolve(result)
      else waiting?.reject(new Error(failure))
    })
    this.child.once('exit', (code, signal) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(`A process of the crew ended (${String(signal ?? code)}).`))
    })
  }

  do<Name extends TaskName> (name: Name, task: Tasks[Name]['task']): Promise<Tasks[Name]['result']> {
    const order: Order<Name> = { id: ++this.#lastId, name, task }
    return new Promise((resolve, reject) => {
      if (!this.child.connected) return reject(new Error('A process of the crew has ended.'))
      this.#waiting.set(order.id, { resolve: resolve as (result: unknown) => void, reject })
      this.child.send(order)
    })
  }
}

export interface OpenOptions {
  candidate: CandidateName
  /** For each worker its own. */
  seats: Seat[][]
  /** Of all together. */
  atOnce?: number
  perSecond?: number
}

export interface DriveOptions {
  /** For each worker: which of its seats send. */
  senders: number[][]
  durationMs: number
  /** Of all together. */
  load: DriveTask['load']
}

/** The processes that make the load. */
export class Crew {
  readonly #workers: Worker[]

  constructor (size: number) {
    this.#workers = Array.from({ length: size }, (_, index) => new Worker(String(index)))
  }

  get size (): number {
    return this.#workers.length
  }

  get pids (): number[] {
    return this.#workers.flatMap(({ child }) => child.pid ?? [])
  }

  async open ({ candidate, seats, atOnce, perSecond }: OpenOptions): Promise<Omit<Opened, 'us'> & { us: Histogram }> {
    const shares = this.#workers.map((_, index) => (seats[index]?.length ?? 0) / seats.reduce((sum, { length }) => sum + length, 0))
    const opened = await Promise.all(this.#workers.map((worker, index) => worker.do('open', {
      candidate,
      seats: seats[index] ?? [],
      ...(atOnce !== undefined && { atOnce: Math.ceil(atOnce * (shares[index] ?? 0)) }),
      ...(perSecond !== undefined && { perSecond: perSecond * (shares[index] ?? 0) })
    })))
    return {
      connected: sum(opened, 'connected'),
      refusals: sum(opened, 'refusals'),
      failures: addCounts(opened.map(({ failures }) => failures)),
      elapsedMs: Math.max(...opened.map(({ elapsedMs }) => elapsedMs)),
      us: addHistograms(opened.map(({ us }) => us))
    }
  }

  async reset (): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.do('reset', null)))
  }

  async drive ({ senders, durationMs, load }: DriveOptions): Promise<Omit<Driven, 'ackUs'> & { ackUs: Histogram }> {
    const busy = this.#workers.flatMap((worker, index) => senders[index]?.length ? [{ worker, senders: senders[index] }] : [])
    const share = 1 / busy.length
    const driven = await Promise.all(busy.map(({ worker, senders }, index) => worker.do('drive', {
      senders,
      durationMs,
      load: 'perSecond' in load ? { perSecond: load.perSecond * share, phase: index * share } : { ...load, inFlight: Math.ceil(load.inFlight * share) }
    })))
    return {
      acked: addCounts(driven.map(({ acked }) => acked)),
      refused: addCounts(driven.map(({ refused }) => refused)),
      unanswered: sum(driven, 'unanswered'),
      elapsedMs: Math.max(...driven.map(({ elapsedMs }) => elapsedMs)),
      ackUs: addHistograms(driven.map(({ ackUs }) => ackUs))
    }
  }

  /** Waits until everybody has received so much, or will not. */
  async settle (expected: Record<string, number>): Promise<Omit<Received, 'us'> & { us: Histogram }> {
    const received = await Promise.all(this.#workers.map((worker) => worker.do('settle', { expected, withinMs: settleMs })))
    const counts = ['deliveries', 'missing', 'surplus', 'disordered', 'lostConnections', 'frames', 'bytes'] as const
    const sums = Object.fromEntries(counts.map((count) => [count, sum(received, count)])) as Record<typeof counts[number], number>
    return { ...sums, us: addHistograms(received.map(({ us }) => us)) }
  }

  /** Waits until all who watch know of these that they are on line. */
  async settleWatchers (onLine: string[]): Promise<{ wrong: number, waitedMs: number }> {
    const settled = await Promise.all(this.#workers.map((worker) => worker.do('settleWatchers', { onLine, withinMs: watchMs })))
    return { wrong: sum(settled, 'wrong'), waitedMs: Math.max(...settled.map(({ waitedMs }) => waitedMs)) }
  }

  /** Ends all connections. */
  async close (): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.do('close', null)))
  }

  stop (): void {
    for (const { child } of this.#workers) child.kill('SIGKILL')
  }
}

function sum<Key extends string> (items: Array<Record<Key, number>>, key: Key): number {
  return items.reduce((total, item) => total + item[key], 0)
}

export function addCounts (counts: Array<Record<string, number>>): Record<string, number> {
  const total: Record<string, number> = {}
  for (const [name, count] of counts.flatMap((each) => Object.entries(each))) total[name] = (total[name] ?? 0) + count
  return total
}

function addHistograms (all: Driven['ackUs'][]): Histogram {
  const total = new Histogram()
  for (const data of all) total.add(new Histogram(data))
  return total
}
