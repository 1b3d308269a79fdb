import { fileURLToPath } from 'node:url'
import type { FileOutcome, Outcome } from './outcome.ts'
import { startProcess, withEnd, type Surroundings, type TestProcess } from './process.ts'
import { readFiles } from './read-files.ts'
import type { FileTask } from './shared.ts'

const program = fileURLToPath(new URL('file-by-file.js', import.meta.url))
/** For what a process still has to do when all its files have ended: nothing. */
const endWithinMs = 30_000

/** A process that runs one file after another (`file-by-file.ts`). */
export class FileRunner {
  readonly #process: TestProcess
  readonly #beside: Promise<Outcome[]>
  #onFile: ((outcomes: Outcome[]) => void) | undefined
  #complaints = ''
  #last = ''

  constructor (surroundings: Surroundings) {
    this.#process = startProcess(program, 0, surroundings)
    const { stdin, stdout, stderr } = this.#process.child
    // It is gone, which is said of the file that it was given.
    stdin.on('error', () => {})
    stderr.setEncoding('utf8').on('data', (text: string) => { this.#complaints += text })
    this.#beside = readFiles(stdout, (outcomes) => { this.#onFile?.(outcomes) })
  }

  /** One at a time, and none after one that has failed: `kill` it then. */
  async run ({ name, path }: FileTask): Promise<FileOutcome> {
    const startedAt = Date.now()
    this.#complaints = ''
    this.#last = name
    const isDone = this.#process.allow()
    const read = new Promise<Outcome[]>((resolve) => { this.#onFile = resolve })
    this.#process.child.stdin.write(`${JSON.stringify({ name, path })}\n`)
    const outcomes = await Promise.race([read, this.#end('ended before it did')])
    isDone()
    return { file: name, outcomes, complaints: this.#complaints, elapsedMs: Date.now() - startedAt }
  }

  /** Lets it end; returns what went wrong with that, which may be the last file's doing or another's. */
  async end (): Promise<FileOutcome | undefined> {
    const startedAt = Date.now()
    const isDone = this.#process.allow(endWithinMs)
    this.#process.child.stdin.end()
    const outcomes = await this.#end()
    isDone()
    if (outcomes.length === 0) return undefined
    return { file: this.#last, outcomes, complaints: this.#complaints, elapsedMs: Date.now() - startedAt }
  }

  kill (): void {
    this.#process.child.kill('SIGKILL')
  }

  /** What went wrong beside files that have ended. */
  async #end (otherwise = ''): Promise<Outcome[]> {
    const [beside, end] = await Promise.all([this.#beside, this.#process.ended])
    return withEnd(beside, this.#last, end || otherwise)
  }
}
