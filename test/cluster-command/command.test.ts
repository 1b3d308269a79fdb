import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { Redis } from 'ioredis'
import { readOrMakeSecret } from '../../cluster/secret.ts'
import { t } from '../suite.ts'
import { makeFolder, pidsOf, readClusterFile, startCommand, until, untilGone } from './helpers.ts'

t.test('killed with SIGKILL it leaves nothing behind, and its data is there at the next start', async (t) => {
  const dataDir = makeFolder(t)
  const first = startCommand(t, { DATA_DIR: dataDir, NODES: '1' })
  await first.ready
  const secret = readOrMakeSecret(dataDir)
  const state = readClusterFile(dataDir)
  const redis = new Redis(state.redis.url)
  await redis.set('name', 'alice')
  redis.disconnect()
  process.kill(first.pid, 'SIGKILL')
  // The next start comes at once, while the last one's Postgres is still ending.
  const second = startCommand(t, { DATA_DIR: dataDir, NODES: '1' })
  await untilGone(pidsOf(state))
  await second.ready

  t.equal(readOrMakeSecret(dataDir), secret)
  const again = new Redis(readClusterFile(dataDir).redis.url)
  t.equal(await again.get('name'), 'alice')
  again.disconnect()
})

t.test('it has its DATA_DIR for itself, until a Ctrl-C, which the whole group gets, stops it cleanly', async (t) => {
  const dataDir = makeFolder(t)
  const command = startCommand(t, { DATA_DIR: dataDir, NODES: '2' })
  const url = await command.ready
  t.equal((await fetch(`${url}/readyz`)).status, 200)
  t.ok(command.lines.includes(`ready ${url}`), 'the ready line stands alone')
  const second = await startCommand(t, { DATA_DIR: dataDir }).ended
  t.equal(second.code, 1)
  t.match(second.stderr, `${dataDir} is in use by another cluster (pid ${command.pid})`)

  const pids = pidsOf(readClusterFile(dataDir))
  process.kill(-command.pid, 'SIGINT')
  process.kill(-command.pid, 'SIGINT') // npm passes the terminal's signal on as well.
  t.strictSame(await command.ended, { code: 0, stderr: '' })
  await untilGone(pids)
  t.throws(() => readClusterFile(dataDir), { code: 'ENOENT' })
})

t.test('a taken port is refused in one sentence', async (t) => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const { port } = server.address() as AddressInfo
  const { code, stderr } = await startCommand(t, { DATA_DIR: makeFolder(t), PORT: String(port) }).ended
  t.strictSame({ code, stderr }, { code: 1, stderr: `Port ${port} is taken: stop what uses it, or set PORT to another one.\n` })
})

t.test('wrong settings are refused in one sentence', async (t) => {
  const refusals: [Record<string, string>, RegExp][] = [
    [{ NODES: 'many' }, /^NODES must be a whole number from 1 to 32, not "many"\.\n$/],
    [{ PORT: '70000' }, /^PORT must be/],
    [{ DRAIN_SECONDS: '601' }, /^DRAIN_SECONDS must be a whole number from 0 to 600/],
    [{ LIMITS: 'none' }, /^Parley cannot start\. Set LIMITS: it must be one of standard, relaxed\. [^\n]+\n$/],
    [{ LIMITS: 'relaxed', NODE_ENV: 'production' }, /^Parley cannot start\. LIMITS=relaxed is for tests[^\n]+\n$/],
    [{ REDIS_URL: 'http://localhost' }, /^Parley cannot start\. Set REDIS_URL: it must begin with redis:\/\/ [^\n]+\n$/],
    [{ SESSION_SECRET: 'short' }, /^Parley cannot start\. Set SESSION_SECRET: it must have at least 32 characters\. [^\n]+\n$/],
    [{ LOG_LEVEL: 'loud', REDIS_PREFIX: 'A' }, /^Parley cannot start\. [^\n]*Set LOG_LEVEL: [^\n]+\n$/],
    [{ DATA_DIR: fileURLToPath(import.meta.url) }, /^DATA_DIR is \S+, and that is a file: set it to a folder [^\n]+\n$/],
  ]
  await Promise.all(refusals.map(async ([env, message]) => {
    const command = startCommand(t, { DATA_DIR: makeFolder(t), ...env })
    const { code, stderr } = await command.ended
    t.equal(code, 1)
    t.match(stderr, message)
    t.strictSame(command.lines, [], 'before anything is started')
  }))
})

t.test('--help names every setting', async (t) => {
  const command = startCommand(t, {}, { args: ['--help'] })
  t.equal((await command.ended).code, 0)
  for (const name of ['PORT', 'NODES', 'DATA_DIR', 'DATABASE_URL', 'REDIS_URL', 'DRAIN_SECONDS', 'LIMITS']) {
    t.ok(command.lines.some((line) => line.startsWith(`  ${name} `)), name)
  }
})

t.test('--demo lets people in that one can sign in as; an option that is none is refused, and a demo in production', async (t) => {
  const command = startCommand(t, { DATA_DIR: makeFolder(t), NODES: '1', LIMITS: 'relaxed' }, { args: ['--demo'] })
  const url = await command.ready
  const line = await until('the demo is there', () => command.lines.find((line) => line.startsWith('demo: ')))
  const [, password = ''] = /^demo: sign in as alice, .* or erin with the password "(.+)"$/.exec(line) ?? []
  const body = JSON.stringify({ username: 'alice', password })
  const { status } = await fetch(`${url}/api/auth/login`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  t.equal(status, 200, line)

  const unknown = await startCommand(t, {}, { args: ['--demo', '--now'] }).ended
  t.match(unknown, { code: 1, stderr: /^There is no option --now/ })
  const open = await startCommand(t, { NODE_ENV: 'production' }, { args: ['--demo'] }).ended
  t.match(open, { code: 1, stderr: /^The people of --demo have a password that everybody knows/ })
})
