import { FileRunner } from '../runner/file-runner.ts'
import { hasFailed, type FileOutcome, type Outcome } from '../runner/outcome.ts'
import { describeFile, describeSkipped, summarize } from '../runner/report.ts'
import { runFile } from '../runner/run-file.ts'
import { runFiles } from '../runner/run-files.ts'
import { t } from '../suite.ts'

type T = Pick<typeof t, 'testdir'>

const suite = new URL('../suite.js', import.meta.url).href

/** Writes a file of this text as a test file is compiled to. */
function write (t: T, source: string, name = 'some.test') {
  const root = t.testdir({ [`${name}.js`]: source })
  return { file: { name: `${name}.ts`, path: `${root}/${name}.js` }, surroundings: { root, env: process.env, signal: new AbortController().signal } }
}

/** Runs such a file as the test command would that wants a process of its own. */
async function runAlone (t: T, source: string): Promise<FileOutcome> {
  const { file, surroundings } = write(t, `import t from 'tap'\n${source}`)
  return await runFile(file, surroundings)
}

/** And one that shares its process with others. */
async function runAmongOthers (t: T, source: string): Promise<FileOutcome> {
  const { file, surroundings } = write(t, `import { t } from '${suite}'\n${source}`)
  const runner = new FileRunner(surroundings)
  const result = await runner.run(file)
  const end = hasFailed(result) ? runner.kill() : await runner.end()
  return end ? { ...result, outcomes: [...result.outcomes, ...end.outcomes], complaints: end.complaints } : result
}

function brief (outcomes: Outcome[]): string[] {
  return outcomes.map(({ status, name }) => `${status}: ${name}`)
}

for (const [way, run] of Object.entries({ alone: runAlone, 'among others': runAmongOthers })) {
  t.test(`${way}: every innermost test counts once, whatever it is nested in`, async (t) => {
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

  t.test(`${way}: a failed test is shown with its difference and its place`, async (t) => {
    const result = await run(t, `
      t.test('fine', async (t) => { t.ok(true) })
      t.test('wrong', async (t) => { t.same({ text: 'hello' }, { text: 'bye' }, 'the text stays') })`)

    t.equal(summarize(result.outcomes), '1 passed, 1 failed')
    t.match(describeFile(result), /✗ wrong\n +the text stays\n[^]*-.*bye[^]*\+.*hello[^]*some\.test\.js:4/)
  })

  t.test(`${way}: what fails outside of every test counts as a test`, async (t) => {
    const { outcomes } = await run(t, `
      t.test('fine', async (t) => { t.ok(true) })
      t.equal(1, 2, 'beside')`)

    t.same(brief(outcomes), ['passed: fine', 'failed: beside'])
  })

  t.test(`${way}: a teardown that fails fails its test`, async (t) => {
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

  t.test(`${way}: skipped tests are counted apart, with the reason`, async (t) => {
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

  t.test(`${way}: a file without tests is one test`, async (t) => {
    t.same(brief((await run(t, 't.ok(true)')).outcomes), ['passed: some.test.ts'])
    t.same(brief((await run(t, 't.ok(false)')).outcomes), ['failed: some.test.ts'])
  })

  t.test(`${way}: a file that crashes fails`, async (t) => {
    t.same(brief((await run(t, 'throw new Error("at once")')).outcomes), ['failed: some.test.ts'])
    t.same(brief((await run(t, 't.test("fine", async (t) => { t.ok(1) })\nawait t.test("killed", () => { process.kill(process.pid, "SIGKILL") })')).outcomes)
      .at(-1), 'failed: some.test.ts')
    const broken = await run(t, 'this is not JavaScript')
    t.same(brief(broken.outcomes), ['failed: some.test.ts'])
    t.match(describeFile(broken), /SyntaxError/)
  })

  t.test(`${way}: a test that never ends fails, once`, async (t) => {
    const { outcomes } = await run(t, `
      t.test('waits', { timeout: 100 }, async (t) => { await new Promise((resolve) => setTimeout(resolve, 1000)) })
      t.test('comes after it', async (t) => { t.ok(true) })`)

    t.same(brief(outcomes), ['failed: waits', 'passed: comes after it'])
  })

  t.test(`${way}: a process that says all is well and then ends badly fails`, async (t) => {
    const { outcomes } = await run(t, 't.test("fine", async (t) => { t.ok(1) })\nprocess.on("exit", () => { process.exitCode = 3 })')

    t.same(brief(outcomes), ['passed: fine', 'failed: some.test.ts'])
  })
}

/** Runs such files one after another, each of which says in which process. */
async function runAll (t: T, sources: string[]) {
  const root = t.testdir(Object.fromEntries(sources.map((source, index) => [`${index}.test.js`, source])))
  const files = sources.map((source, index) => ({ name: `${index}.test.ts`, path: `${root}/${index}.test.js`, isAlone: source.includes("from 'tap'") }))
  const told: string[] = []
  const surroundings = { root, env: process.env, signal: new AbortController().signal }
  const results = await runFiles(files, 1, surroundings, ({ file }) => { told.push(file) })
  return { results, told, processes: results.map(({ outcomes }) => outcomes.at(-1)?.name) }
}

const ofSuite = `import { t } from '${suite}'\n`
const naming = 't.test(String(process.pid), async (t) => { t.ok(1) })\n'

t.test('files share a process, but for one that takes t from tap, and none after one that failed', async (t) => {
  const { results, told, processes: [first, second, alone, failed, last] } = await runAll(t, [
    ofSuite + naming, ofSuite + naming, `import t from 'tap'\n${naming}`, ofSuite + `t.test('wrong', async (t) => { t.ok(0) })\n${naming}`, ofSuite + naming
  ])

  t.same(told, ['0.test.ts', '1.test.ts', '2.test.ts', '3.test.ts', '4.test.ts'])
  t.same(results.map(({ outcomes }) => outcomes.filter(({ status }) => status === 'failed').length), [0, 0, 0, 1, 0])
  t.same([second, failed], [first, first])
  t.not(alone, first)
  t.not(last, first)
})

t.test('each file ends before the next begins', async (t) => {
  const { results } = await runAll(t, [
    ofSuite + 't.teardown(async () => { await new Promise((resolve) => setTimeout(resolve, 100)); globalThis.isOver = true })',
    ofSuite + 't.ok(globalThis.isOver)'
  ])

  t.same(results.map(({ outcomes }) => brief(outcomes)), [['passed: 0.test.ts'], ['passed: 1.test.ts']])
})

t.test('what goes wrong when all files have ended is said', async (t) => {
  const { results: [, left] } = await runAll(t, [ofSuite + 't.ok(1)\nsetTimeout(() => { throw new Error("late") }, 100)'])
  t.same(brief(left?.outcomes ?? []), ['failed: 0.test.ts'])

  const { results: [, lost] } = await runAll(t, [ofSuite + "t.ok(1)\nconst { default: tap } = await import('tap')\nvoid tap.test('of no file', async (t) => { t.ok(1) })"])
  t.match(brief(lost?.outcomes ?? []), ['failed: of no file'])
})

t.test('an error that nobody caught after its file had ended fails the next one, at once and with what it was', async (t) => {
  const { results: [, next, last] } = await runAll(t, [
    ofSuite + 't.ok(1)\nsetTimeout(() => { throw new Error("late") }, 150)',
    ofSuite + "t.test('goes on', async (t) => { await new Promise((resolve) => setTimeout(resolve, 1000)); t.ok(1) })",
    ofSuite + 't.ok(1)'
  ])
  t.match(describeFile(next as FileOutcome), /late/)
  t.match(next?.outcomes.some(({ status }) => status === 'failed'), true)
  t.same(brief(last?.outcomes ?? []), ['passed: 2.test.ts'])
})

t.test('a file may say much', async (t) => {
  const { results } = await runAll(t, [ofSuite + "t.test('long', async (t) => { for (let count = 0; count < 6000; count++) t.ok(1) })", ofSuite + 't.ok(1)'])
  t.same(results.map(({ outcomes }) => brief(outcomes)), [['passed: long'], ['passed: 1.test.ts']])
})
