export interface Failure {
  message: string
  /** What tap says of it: the diff, the stack. */
  details: Record<string, unknown>
}

/** One test: a `t.test` that holds no other. */
export interface Outcome {
  name: string
  status: 'passed' | 'failed' | 'skipped'
  /** Why it was skipped. */
  reason: string
  failures: Failure[]
}

export interface FileOutcome {
  /** Its path in the sources. */
  file: string
  outcomes: Outcome[]
  elapsedMs: number
  /** What it wrote beside its results; shown when it failed. */
  complaints: string
}

export function hasFailed ({ outcomes }: FileOutcome): boolean {
  return outcomes.some(({ status }) => status === 'failed')
}
