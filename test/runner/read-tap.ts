import { Parser, type Result } from 'tap-parser'
import type { Outcome } from './outcome.ts'

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

/** @param above what tap's names of its tests begin with, and ours do not */
export function watch (parser: Parser, name: string, outcomes: Outcome[], above = ''): void {
  const asserts: Result[] = []
  const nameOf = ({ fullname }: Parser): string => `${fullname} > `.startsWith(above) ? fullname.slice(above.length) : fullname
  let child: Parser | undefined
  let hasChildren = false
  parser.on('child', (begun: Parser) => {
    child = begun
    hasChildren = true
    watch(begun, nameOf(begun), outcomes, above)
  })
  parser.on('assert', (assert: Result) => {
    if (child) settle(nameOf(child), assert, outcomes)
    else asserts.push(assert)
    child = undefined
  })
  parser.once('complete', () => {
    if (hasChildren) addBeside(asserts, nameOf(parser), outcomes)
    else outcomes.push(toOutcome(name, asserts))
  })
}

/** The line after a subtest has the last word: its teardown may have failed. */
function settle (name: string, { ok, skip, todo }: Result, outcomes: Outcome[]): void {
  const outcome = outcomes.find((known) => known.name === name)
  if (outcome && !ok && !skip && !todo) outcome.status = 'failed'
}

export function toOutcome (name: string, asserts: Result[]): Outcome {
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

/** Failures and skips between the tests. One that tap ascribes to a test belongs to that test. */
function addBeside (asserts: Result[], parent: string, outcomes: Outcome[]): void {
  for (const assert of asserts) {
    const path = (name: string) => [parent, name].filter(Boolean).join(' > ')
    const outcome = toOutcome(path(assert.name), [assert])
    const owner = outcomes.find(({ name }) => name === outcome.name || name === path(String(outcome.failures[0]?.details.test)))
    if (outcome.status === 'passed') continue
    if (!owner) outcomes.push(outcome)
    else if (outcome.status === 'failed') {
      owner.status = 'failed'
      owner.failures.push(...outcome.failures)
    }
  }
}

function skipReason ({ name, skip, todo }: Result): string {
  if (typeof skip === 'string') return skip
  return typeof todo === 'string' ? `to do: ${todo}` : todo ? 'to do' : name
}
