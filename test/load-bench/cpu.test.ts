import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpuOf, cpuOfFamily, cpuOfMachine } from '../../load/bench/cpu.ts'
import { startMeter } from '../../load/bench/meter.ts'
import { t } from '../suite.ts'

const elsewhere = process.platform === 'linux' ? false : 'CPU times are read from /proc'

/** Computes for so long, says so, and stays. */
const busy = (ms: number): string => `const end = Date.now() + ${ms}; while (Date.now() < end); process.stdout.write('done'); setInterval(() => {}, 1e6)`

type T = Pick<typeof t, 'teardown'>

function run (t: T, source: string) {
  const child = spawn(process.execPath, ['-e', source], { stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(() => child.kill('SIGKILL'))
  return { pid: child.pid ?? 0, done: once(child.stdout, 'data') }
}

t.test('what a busy child uses is counted as its own, and not as that of others', { skip: elsewhere }, async (t) => {
  const { pid, done } = run(t, busy(200))
  const end = startMeter({ nodes: [pid], load: [process.pid] })
  const machineBefore = cpuOfMachine()
  await done
  const usage = end()
  t.ok(usage.nodeUs > 0)
  t.equal(usage.serverUs, usage.nodeUs)
  t.same([usage.redisUs, usage.postgresUs], [0, 0])
  t.ok(cpuOfMachine() - machineBefore >= usage.nodeUs)
  t.ok(usage.othersShare >= 0)
})

t.test('a family is counted with those who have ended', { skip: elsewhere }, async (t) => {
  const source = `require('node:child_process').spawnSync(process.execPath, ['-e', ${JSON.stringify('const end = Date.now() + 200; while (Date.now() < end);')}]);${busy(0)}`
  const { pid, done } = run(t, source)
  await done
  t.ok(cpuOfFamily(pid) > cpuOf(pid))
})

t.test('a process that is gone has used nothing', { skip: elsewhere }, async (t) => {
  const child = spawn(process.execPath, ['-e', ''])
  await once(child, 'exit')
  t.equal(cpuOf(child.pid ?? 0), 0)
  t.equal(cpuOfFamily(child.pid ?? 0), 0)
})
