import t from 'tap'
import type { Outcome } from '../runner/read-tap.ts'
import { describeFile, describeSkipped, summarize } from '../runner/report.ts'
import { runFile } from '../runner/run-file.ts'

type T = Pick<typeof t, 'testdir'>

/** Runs a file of this text as the test command would. */
async function run (t: T, source: string) {
  const folder = t.testdir({ 'some.test.js': `import t from 'tap'\n${source}` })
  return await runFile(folder, 'some.test.js', process.env, new AbortController().signal)
}

function brief (outcomes: Outcome[]): string[] {
  return outcomes.map(({ status, name }) => `${status}: ${name}`)
}

t.test('every innermost test counts once, whatever it is nested in', async (t) => {
  const result = await run(t, `
    t.test('rooms', async (t) => {
      t.test('alice makes one', async (t) => { t.ok(1); t.ok(2) })
      t.test('mallory does not', async (t) => { t.ok(1) })
    })
    t.test('a wait is enough', async (t) => {})
    t.ok(true, 'beside the tests')`)

  t.same(brief(result.outcomes), ['passed: rooms > alice makes one', 'passed: rooms > mallory does not', 'passed: a wait is enough'])
  t.match(describeFile(result), /^✓ some\.test\.ts: 3 passed, 0 failed \(/)
})

t.test('a failed test is shown with its difference and its place', async (t) => {
  const result = await run(t, `
    t.test('fine', async (t) => { t.ok(true) })
    t.test('wrong', async (t) => { t.same({ text: 'hello' }, { text: 'bye' }, 'the text stays') })`)

  t.equal(summarize(result.outcomes), '1 passed, 1 failed')
  t.match(describeFile(result), /✗ wrong\n +the text stays\n[^]*-.*bye[^]*\+.*hello[^]*some\.test\.js:4/)
})

t.test('what fails outside of every test counts as a test', async (t) => {
  const { outcomes } = await run(t, `
    t.test('fine', async (t) => { t.ok(true) })
    t.equal(1, 2, 'beside')`)

  t.same(brief(outcomes), ['passed: fine', 'failed: beside'])
})

t.test('a teardown that fails fails its test', async (t) => {
  const result = await run(t, `
    t.test('fine', async (t) => { t.ok(true) })
    t.test('leaves a node behind', async (t) => {
      t.ok(true)
      t.teardown(async () => { throw new Error('cannot close') })
    })`)

  t.same(brief(result.outcomes), ['passed: fine', 'failed: leaves a node behind'])
  t.match(describeFile(result), /leaves a node behind\n +cannot close/)

  const last = await run(t, 't.test("fine", async (t) => { t.ok(true) })\nt.teardown(async () => { throw new Error("cannot stop") })')
  t.same(brief(last.outcomes), ['passed: fine', 'failed: some.test.ts'])
})

t.test('skipped tests are counted apart, with the reason', async (t) => {
  const result = await run(t, `
    t.test('by option', { skip: 'no haproxy' }, async (t) => {})
    t.test('by itself', async (t) => { t.skip('no browser') })
    t.test('in part', async (t) => { t.ok(1); t.skip('no IPv6') })
    t.test('planned', { todo: 'the web client' }, async (t) => {})`)

  t.equal(summarize(result.outcomes), '1 passed, 0 failed, 3 skipped')
  t.same(describeSkipped([result]).sort(), [
    'skipped: some.test.ts: by itself (no browser)',
    'skipped: some.test.ts: by option (no haproxy)',
    'skipped: some.test.ts: planned (to do: the web client)',
  ])
})

t.test('a file without tests is one test', async (t) => {
  t.same(brief((await run(t, 't.ok(true)')).outcomes), ['passed: some.test.ts'])
  t.same(brief((await run(t, 't.ok(false)')).outcomes), ['failed: some.test.ts'])
})

t.test('a file that crashes fails', async (t) => {
  t.same(brief((await run(t, 'throw new Error("at once")')).outcomes), ['failed: some.test.ts'])
  t.same(brief((await run(t, 't.test("fine", async (t) => { t.ok(1) })\nawait t.test("killed", () => { process.kill(process.pid, "SIGKILL") })')).outcomes)
    .at(-1), 'failed: some.test.ts')
  const broken = await run(t, 'this is not JavaScript')
  t.same(brief(broken.outcomes), ['failed: some.test.ts'])
  t.match(describeFile(broken), /the file ended with code 1\n[^]*SyntaxError/)
})

t.test('a test that never ends fails, once', async (t) => {
  const { outcomes } = await run(t, `
    t.test('waits', { timeout: 100 }, async (t) => { await new Promise((resolve) => setTimeout(resolve, 1000)) })
    t.test('comes after it', async (t) => { t.ok(true) })`)

  t.same(brief(outcomes), ['failed: waits', 'passed: comes after it'])
})

t.test('a process that says all is well and then ends badly fails', async (t) => {
  const { outcomes } = await run(t, 't.test("fine", async (t) => { t.ok(1) })\nprocess.on("exit", () => { process.exitCode = 3 })')

  t.same(brief(outcomes), ['passed: fine', 'failed: some.test.ts'])
})
