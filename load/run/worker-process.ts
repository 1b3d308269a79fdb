import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { FromWorker, OrderName, Orders, Sample, ToWorker } from './orders.ts'

const script = fileURLToPath(new URL('worker.js', import.meta.url))

/** Ten registrations a minute take long. */
const longestMs = 86_400_000

/** A worker, seen from the coordinator. */
export class WorkerProcess {
  readonly name: string
  readonly #child: ChildProcess
  readonly #waiting = new Map<number, { resolve: (answer: unknown) => void, reject: (error: Error) => void }>()
  readonly #exited: Promise<unknown>
  readonly #onSample: (sample: Sample) => void
  #lastId = 0

  constructor (name: string, onSample: (sample: Sample) => void) {
    this.name = name
    this.#onSample = onSample
    this.#child = fork(script, { execArgv: ['--enable-source-maps'] })
    this.#exited = once(this.#child, 'exit')
    this.#child.on('message', (message) => { this.#take(message as FromWorker) })
    this.#child.on('exit', (code, signal) => { this.#ended(signal ?? `code ${code}`) })
  }

  /** @throws Error what went wrong there, that it has ended, or that it has not done it in time. */
  async ask<Name extends OrderName> (name: Name, order: Parameters<Orders[Name]>[0], withinMs = longestMs): Promise<ReturnType<Orders[Name]>> {
    const id = ++this.#lastId
    let timer: NodeJS.Timeout | undefined
    const answer = new Promise<unknown>((resolve, reject) => {
      timer = setTimeout(() => { reject(new Error(`${this.name} has not come to the end of "${name}" within ${withinMs / 1000} s.`)) }, withinMs)
      this.#waiting.set(id, { resolve, reject })
      this.#tell({ id, name, order })
    }).finally(() => { clearTimeout(timer) })
    return await answer as ReturnType<Orders[Name]>
  }

  /** The talk is to end early. */
  stop (): void {
    this.#tell({ stop: true })
  }

  async kill (): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#exited
  }

  #tell (message: ToWorker): void {
    if (this.#child.connected) this.#child.send(message)
    else this.#ended('gone')
  }

  #take (message: FromWorker): void {
    if ('sample' in message) return this.#onSample(message.sample)
    const waiting = this.#waiting.get(message.id)
    this.#waiting.delete(message.id)
    if ('failure' in message) waiting?.reject(new Error(message.failure))
    else waiting?.resolve(message.answer)
  }

  #ended (how: string): void {
    const error = new Error(`${this.name} has ended (${how}).`)
    for (const { reject } of this.#waiting.values()) reject(error)
    this.#waiting.clear()
  }
}
