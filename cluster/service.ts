import type { ChildProcess } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { retry } from './retry.ts'

export interface ServiceOptions {
  name: string
  launch: () => ChildProcess
  /** Resolves when the service serves, rejects with the reason why it does not yet. */
  probe: () => Promise<void>
  stopSignal: NodeJS.Signals
  stopTimeoutMs: number
  startTimeoutMs?: number
  /** What the process said before it ended, for the error message. */
  lastWords?: () => string
}

/** One process of the cluster, which may be started again after its end. */
export class Service extends EventEmitter<{ change: [], exit: [how: string] }> {
  readonly name: string
  readonly #options: ServiceOptions
  #child: ChildProcess | undefined
  #exited: Promise<string> = Promise.resolve('never started')

  constructor (options: ServiceOptions) {
    super()
    this.name = options.name
    this.#options = options
  }

  get pid (): number | null {
    return this.#child?.pid ?? null
  }

  /** Resolves when the service serves, rejects when it ends before that or takes too long. */
  async start (signal?: AbortSignal): Promise<void> {
    const { launch, lastWords, name, probe, startTimeoutMs = 60_000 } = this.#options
    const ended = new AbortController()
    this.#watch(launch(), (how) => {
      const said = lastWords?.()
      ended.abort(new Error(`${name} ended (${how}) before it was ready${said ? `:\n${said}` : '.'}`))
    })
    const signals = signal ? [signal, ended.signal] : [ended.signal]
    await retry(probe, { timeoutMs: startTimeoutMs, signal: AbortSignal.any(signals) }).catch((error: unknown) => {
      if (ended.signal.aborted || signal?.aborted) throw error
      throw new Error(`${name} was not ready within ${startTimeoutMs / 1000} s: ${String(error)}`, { cause: error })
    })
  }

  /** Asks the process to end, and ends it when it takes too long. */
  async stop (): Promise<void> {
    const child = this.#child
    if (!child) return
    child.kill(this.#options.stopSignal)
    const impatience = setTimeout(() => child.kill('SIGKILL'), this.#options.stopTimeoutMs)
    await this.#exited
    clearTimeout(impatience)
  }

  async kill (): Promise<void> {
    this.#child?.kill('SIGKILL')
    await this.#exited
  }

  #watch (child: ChildProcess, onEnd: (how: string) => void): void {
    this.#child = child
    this.#exited = new Promise((resolve) => {
      child.once('error', (error) => { if (child.pid === undefined) resolve(error.message) })
      child.once('exit', (code, signal) => resolve(signal ?? `code ${code}`))
    })
    void this.#exited.then((how) => {
      this.#child = undefined
      onEnd(how)
      this.emit('exit', how)
      this.emit('change')
    })
    this.emit('change')
  }
}
