import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import postgres from 'postgres'
import type { EmbeddedServer } from '../../cluster/embedded-server.ts'
import { startPostgres } from '../../cluster/postgres.ts'
import { guardByPipe } from '../../cluster/spawn-bound.ts'
import { t } from '../suite.ts'
import { makeFolder, readClusterFile, startCommand, untilGone } from './helpers.ts'

const isRoot = process.getuid?.() === 0
const asNobody = ['setpriv', '--reuid=nobody', '--regid=nogroup', '--clear-groups']
const here = fileURLToPath(new URL('.', import.meta.url))

function whyNotAsNobody (): string | false {
  if (!isRoot) return 'only root can become another user; this run is an ordinary user anyway'
  const entered = spawnSync(asNobody[0]!, [...asNobody.slice(1), 'test', '-r', here]).status === 0
  return entered ? false : 'the user nobody may not read this folder'
}

t.test('an ordinary user can start it', { skip: whyNotAsNobody() }, async (t) => {
  const dataDir = makeFolder(t)
  chmodSync(dataDir, 0o777)
  const command = startCommand(t, { DATA_DIR: join(dataDir, 'data'), NODES: '1' }, { prefix: asNobody })
  const url = await command.ready
  t.equal((await fetch(`${url}/readyz`)).status, 200)
  t.match(readClusterFile(join(dataDir, 'data')), { nodes: [{ name: 'n1' }] })
})

t.test('root can start Postgres in a folder that nobody else may enter', { skip: !isRoot && 'this is about root' }, async (t) => {
  const folder = makeFolder(t)
  const dataDir = join(folder, 'closed')
  mkdirSync(dataDir, { mode: 0o700 })
  const lines: string[] = []
  const start = (dataDir: string) => startPostgres({ dataDir, fast: true, log: (line) => lines.push(line) })
  const ask = async (server: EmbeddedServer, query: string) => {
    const sql = postgres(server.url, { max: 1, fetch_types: false })
    return await sql.unsafe(query).finally(() => sql.end())
  }
  const server = await start(dataDir)
  const place = /keeps its data in (\S+)\/postgres,/.exec(lines.join())?.[1] ?? ''
  t.match(place, /^\/var\/tmp\/parley-0-/, 'and says where its data is')
  t.teardown(() => rmSync(place, { recursive: true, force: true }))
  await ask(server, "create table people as select 'alice' as name")
  await server.stop()

  const elsewhere = join(folder, 'moved')
  renameSync(dataDir, elsewhere)
  const moved = await start(elsewhere)
  t.strictSame([...await ask(moved, 'select name from people')], [{ name: 'alice' }], 'the data follows a folder that is moved')
  await moved.stop()

  rmSync(place, { recursive: true })
  await t.rejects(start(elsewhere), /^The data of Postgres is not in \S+, where \S+ says: bring it back/, 'lost data is not taken for none')
})

t.test('root is told when its data may not be reached any more', { skip: !isRoot && 'this is about root' }, async (t) => {
  const dataDir = makeFolder(t)
  await (await startPostgres({ dataDir, fast: true })).stop()
  chmodSync(dataDir, 0o700)
  await t.rejects(startPostgres({ dataDir, fast: true }), /may not go any more: let it enter the folders above/)
})

t.test('without pdeathsig a guard ends the child of a killed process', async (t) => {
  const script = `
    import { spawn } from 'node:child_process'
    import { guardByPipe } from ${JSON.stringify(new URL('../../cluster/spawn-bound.js', import.meta.url).href)}
    const child = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' })
    guardByPipe(child, 'SIGTERM')
    process.stdout.write(child.pid + '\\n')
    setInterval(() => {}, 1000)
  `
  const launcher = spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await once(launcher.stdout, 'data') as [Buffer]
  launcher.kill('SIGKILL')
  await untilGone([Number(line)])
  t.pass('the child is gone')
})

t.test('a guard ends with its child', async (t) => {
  const child = spawn('true', { stdio: 'ignore' })
  guardByPipe(child, 'SIGTERM')
  t.strictSame(await once(child, 'exit'), [0, null])
})
