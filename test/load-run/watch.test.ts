import { spawn } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Ending } from '../helpers/stores.ts'
import { LoopWatch } from '../../load/run/watch/loop-watch.ts'
import { readNodeFigures } from '../../load/run/watch/metrics-text.ts'
import { readTreeCpuSeconds } from '../../load/run/watch/process-cpu.ts'
import { ServerWatch } from '../../load/run/watch/server-watch.ts'
import { t } from '../suite.ts'

const page = (node: string, cpu: number) => `# HELP process_cpu_seconds_total Total user and system CPU time spent in seconds.
process_cpu_user_seconds_total{node="${node}"} 0.1
process_cpu_seconds_total{node="${node}"} ${cpu}
process_resident_memory_bytes{a="b",node="${node}"} 8.5e7
`

t.test('CPU, memory and name of a node are read from its page', async (t) => {
  t.same(readNodeFigures(page('n2', 1.5)), { node: 'n2', cpuSeconds: 1.5, memoryBytes: 85e6 })
  t.same(readNodeFigures('process_cpu_seconds_total 2\nprocess_resident_memory_bytes 3\n'), { node: null, cpuSeconds: 2, memoryBytes: 3 })
  t.equal(readNodeFigures('<html>Not found</html>'), undefined)
})

/** Answers with the pages in turns, as a balancer does. */
async function serve (t: Ending, pages: string[]): Promise<string> {
  let turn = 0
  const server = createServer((_request, response) => { response.end(pages[turn++ % pages.length]) })
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

t.test('a node is told from a balancer, and known once however it is named', async (t) => {
  const node = await serve(t, [page('n1', 1)])
  const same = await serve(t, [page('n1', 1)])
  const balancer = await serve(t, [page('n1', 1), page('n2', 5)])
  const nothing = await serve(t, ['Not found'])
  const metricsUrls = [node, same, balancer, nothing, 'http://127.0.0.1:1']
  const watch = new ServerWatch({ urls: [], metricsUrls, processes: () => [{ name: 'gone', pid: null }], about: '', close: async () => {} })
  await watch.begin()
  t.same(watch.names, ['n1'])
  t.match(await watch.sample(), [{ name: 'n1', cpu: 0, memoryBytes: 85e6 }])
  const machine = watch.readMachine()
  t.ok(machine >= 0 && machine <= 1)
})

t.test('a process that counts from zero again has been started again, and used nothing less', async (t) => {
  const url = await serve(t, [...Array<string>(5).fill(page('n1', 9)), page('n1', 0.5)])
  const watch = new ServerWatch({ urls: [], metricsUrls: [url], processes: () => [], about: '', close: async () => {} })
  await watch.begin()
  t.match(await watch.sample(), [{ cpu: 0 }])
})

t.test('the CPU of a process counts its children', { skip: process.platform !== 'linux' && 'there is no /proc here' }, async (t) => {
  const shell = spawn('sh', ['-c', 'echo begin; node -e "const end = Date.now() + 300; while (Date.now() < end);"; echo done; read line'])
  t.teardown(() => shell.kill())
  await new Promise<void>((resolve) => { shell.stdout.on('data', (data: Buffer) => { if (data.includes('done')) resolve() }) })
  t.ok((readTreeCpuSeconds(shell.pid ?? 0) ?? 0) > 0.05)
  t.equal(readTreeCpuSeconds(2 ** 22 + 1), null, 'there is no such process')
})

t.test('a process that does nothing but work is seen to be busy', async (t) => {
  const watch = new LoopWatch()
  watch.begin()
  await new Promise<void>((resolve) => {
    const end = performance.now() + 300
    const work = () => {
      const until = performance.now() + 60
      while (performance.now() < until);
      if (performance.now() < end) setImmediate(work)
      else resolve()
    }
    setImmediate(work)
  })
  const { utilization, delayP99Ms } = watch.read()
  t.ok(utilization > 0.8, String(utilization))
  t.ok(delayP99Ms > 20, String(delayP99Ms))
})
