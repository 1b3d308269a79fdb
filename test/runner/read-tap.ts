import { Parser, type Result } from 'tap-parser'

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

/**
 * Reads what a test file prints, test by test. What fails outside of every test counts as a test of its own, so that
 * nothing that went wrong is left out of the numbers; a file that holds no `t.test` is one test.
 */
export function readTap (output: NodeJS.ReadableStream, file: string): Promise<Outcome[]> {
  return new Promise((resolve, reject) => {
    const parser = new Parser()
    const outcomes: Outcome[] = []
    watch(parser, file, outcomes)
    parser.once('complete', () => resolve(outcomes))
    output.once('error', reject).pipe(parser)
  })
}

function watch (parser: Parser, name: string, outcomes: Outcome[]): void {
  const asserts: Result[] = []
  let child: Parser | undefined
  let hasChildren = false
  parser.on('child', (begun) => {
    child = begun
    hasChildren = true
    watch(begun, begun.fullname, outcomes)
  })
  parser.on('assert', (assert) => {
    // The line after a subtest only repeats how that one ended.
    if (!child) asserts.push(assert)
    child = undefined
  })
  parser.once('complete', () => {
    if (hasChildren) outcomes.push(...besideTests(asserts, parser.fullname, outcomes))
    else outcomes.push(toOutcome(name, asserts))
  })
}

function toOutcome (name: string, asserts: Result[]): Outcome {
  const failed = asserts.filter(({ ok, skip, todo }) => !ok && !skip && !todo)
  const skipped = asserts.filter(({ skip, todo }) => skip || todo)
  const allSkipped = skipped.length > 0 && skipped.length === asserts.length
  return {
    name,
    status: failed.length > 0 ? 'failed' : allSkipped ? 'skipped' : 'passed',
    reason: skipped.map(skipReason).join('; '),
    failures: failed.map(({ name, diag }) => ({ message: name, details: { ...diag as object } })),
  }
}

/** Failures and skips between the tests; not what repeats the end of a test that ran out of time. */
function besideTests (asserts: Result[], parent: string, outcomes: Outcome[]): Outcome[] {
  const known = new Set(outcomes.map(({ name }) => name))
  return asserts
    .map((assert) => toOutcome([parent, assert.name].filter(Boolean).join(' > '), [assert]))
    .filter(({ name, status }) => status !== 'passed' && !known.has(name))
}

function skipReason ({ name, skip, todo }: Result): string {
  if (typeof skip === 'string') return skip
  return typeof todo === 'string' ? `to do: ${todo}` : todo ? 'to do' : name
}
