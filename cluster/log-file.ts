import { closeSync, openSync, readFileSync, statSync } from 'node:fs'

/** The log of an embedded server; a file, so that the server can still write while the launcher dies. */
export class LogFile {
  readonly path: string
  #mark = 0

  constructor (path: string) {
    this.path = path
    closeSync(openSync(path, 'w'))
  }

  /** Hands out a descriptor for a child to write to, for the time that the callback takes. */
  lend<T> (use: (descriptor: number) => T): T {
    this.#mark = statSync(this.path).size
    const descriptor = openSync(this.path, 'a')
    try {
      return use(descriptor)
    } finally {
      closeSync(descriptor)
    }
  }

  /** The last lines since the file was last lent. */
  tail (lines = 8): string {
    return readFileSync(this.path).subarray(this.#mark).toString().trim().split('\n').slice(-lines).join('\n')
  }
}
