import { Parser, type Result } from 'tap-parser'
import type { Outcome } from './outcome.ts'
import { toOutcome, watch } from './read-tap.ts'
import { endOfFile } from './shared.ts'

/**
 * Reads what `file-by-file.ts` prints, and tells of each file when it has ended. Resolves at the end of the output, to
 * what is left: a file that was cut short, and what failed beside all files.
 */
export function readFiles (output: NodeJS.ReadableStream, onFile: (outcomes: Outcome[]) => void): Promise<Outcome[]> {
  return new Promise((resolve, reject) => {
    const root = new Parser()
    const left: Outcome[] = []
    root.once('child', (files: Parser) => { watchFiles(files, left, onFile) })
    // Whatever else is said there belongs to no file, and would be missing in the numbers.
    root.on('assert', (assert: Result) => { if (assert.name !== 'files') left.push({ ...toOutcome(assert.name, [assert]), status: 'failed' }) })
    root.once('complete', () => resolve(left))
    output.once('error', reject).pipe(root)
  })
}

function watchFiles (files: Parser, left: Outcome[], onFile: (outcomes: Outcome[]) => void): void {
  let file: { name: string, outcomes: Outcome[], asserts: Result[] } | undefined
  files.on('child', (begun: Parser) => {
    file = { name: begun.name, outcomes: [], asserts: [] }
    watch(begun, begun.name, file.outcomes, `${begun.fullname} > `)
  })
  files.on('assert', (assert: Result) => {
    if (file) file.asserts.push(assert)
    else addFailure(assert, left)
  })
  files.on('pragma', (pragma: string) => {
    if (pragma !== endOfFile || !file) return
    const { name, outcomes, asserts } = file
    file = undefined
    addEnd(asserts, name, outcomes)
    onFile(outcomes)
  })
  files.once('complete', () => {
    if (!file) return
    addEnd(file.asserts, file.name, file.outcomes)
    left.push(...file.outcomes)
  })
}

/** What is said after a file's tests: what failed when it ended, and, once or twice, whether all of it was well. */
function addEnd (asserts: Result[], name: string, outcomes: Outcome[]): void {
  const failed = asserts.filter(({ ok, skip, todo }) => !ok && !skip && !todo)
  const late = failed.filter((assert) => assert.name !== name)
  if (late.length > 0) {
    const { failures } = toOutcome(name, late)
    const owner = outcomes.find((outcome) => outcome.name === failures[0]?.details.test)
    if (owner) Object.assign(owner, { status: 'failed', failures: [...owner.failures, ...failures] })
    else outcomes.push(toOutcome(name, late))
  }
  if (failed.length > 0 && !outcomes.some(({ status }) => status === 'failed')) outcomes.push(toOutcome(name, failed.slice(0, 1)))
}

function addFailure (assert: Result, outcomes: Outcome[]): void {
  const outcome = toOutcome(assert.name, [assert])
  if (outcome.status === 'failed') outcomes.push(outcome)
}
