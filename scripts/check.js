// Everything that must hold before a change goes in: `npm run check`, here and in CI. Runs all checks, says of each how it
// went, and ends with the line of the tests, `N passed, N failed`, in which every failed check counts as one more.
import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const tool = (path) => join(root, 'node_modules', path)

let running
let wasStopped = false
// The tests stop their servers when they are told to.
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    running?.kill(signal)
    process.exitCode = 1
    wasStopped = true
  })
}

/** Runs a Node program, passes on what it prints and resolves with the last line and whether all went well. */
async function run (args, { passOn = () => true } = {}) {
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise((resolve) => child.once('close', resolve))
  running = child
  let last = ''
  for await (const line of createInterface({ input: child.stdout })) {
    if (passOn(line)) console.log(line)
    last = line
  }
  return { last, ok: await ended === 0 }
}

/** The schema in code and the migrations say the same: a dry run of the generator finds nothing to add. */
async function migrationsAreComplete () {
  const copy = mkdtempSync(join(tmpdir(), 'parley-migrations-'))
  try {
    cpSync(join(root, 'db/migrations'), copy, { recursive: true })
    const before = readdirSync(copy).length
    const args = ['generate', '--dialect', 'postgresql', '--schema', './db/schema/*.ts', '--out', relative(root, copy)]
    const { ok } = await run([tool('drizzle-kit/bin.cjs'), ...args], { passOn: () => false })
    return ok && readdirSync(copy).length === before
  } finally {
    rmSync(copy, { recursive: true })
  }
}

const checks = [
  {
    name: 'types',
    advice: 'The compiler found mistakes: nothing else was checked.',
    run: async () => (await run(['scripts/build.js'])).ok,
    isVital: true
  },
  {
    name: 'lint',
    advice: 'The linter has objections: npm run lint -- --fix mends the formal ones.',
    run: async () => (await run([tool('eslint/bin/eslint.js'), '--max-warnings', '0', '.'])).ok
  },
  {
    name: 'generated files',
    advice: 'Generated files are out of date: npm run docs.',
    run: async () => (await run(['scripts/generate.js', '--check'])).ok
  },
  {
    name: 'promises',
    advice: 'The prover has found a promise broken: run it again with the seed that it printed.',
    run: async () => (await run([
      'dist/load/prove/main.js', '--minutes', '0.6', '--seed', '1', '--faults', 'kill-node,kill-redis,restart-postgres'
    ])).ok
  },
  {
    name: 'migrations',
    advice: 'The schema has changed and no migration says so: npm run migrations.',
    run: migrationsAreComplete
  }
]

const summary = /^(\d+) passed, (\d+) failed(.*)$/

async function runTests (failedChecks) {
  console.log('\n— tests')
  const { last, ok } = await run(['dist/test/run.js'], { passOn: (line) => !summary.test(line) })
  const [, passed = '0', failed = '1', rest = ''] = summary.exec(last) ?? []
  return { ok, line: `${passed} passed, ${Number(failed) + failedChecks.length} failed${rest}` }
}

const failedChecks = []
for (const check of checks) {
  if (wasStopped) break
  console.log(`\n— ${check.name}`)
  if (await check.run()) continue
  console.error(`✗ ${check.advice}`)
  failedChecks.push(check)
  if (check.isVital) break
}
const wasCutShort = wasStopped || failedChecks.some(({ isVital }) => isVital)
const tests = wasCutShort ? { ok: false, line: '0 passed, 1 failed' } : await runTests(failedChecks)
if (failedChecks.length > 0) console.log(`\nfailed checks: ${failedChecks.map(({ name }) => name).join(', ')}`)
console.log(tests.line)
process.exitCode = tests.ok && failedChecks.length === 0 ? 0 : 1
