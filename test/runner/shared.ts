/** Tap ends a file that takes longer, and names the test. */
export const fileTimeoutMs = 180_000

/** What `file-by-file.ts` is told of each file. */
export interface FileTask {
  /** Its path in the sources. */
  name: string
  /** Of what it was compiled to. */
  path: string
}

/** The pragma that `file-by-file.ts` prints when all is said of a file. */
export const endOfFile = 'ended'
