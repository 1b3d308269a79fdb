import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import postgres from 'postgres'
import { findFreePort } from '../../cluster/ports.ts'
import { startNode } from '../helpers/node.ts'
import { person, stranger } from '../helpers/person.ts'
import { createStores } from '../helpers/stores.ts'
import { t } from '../suite.ts'
import { startMailbox } from './mailbox.ts'
import { askForToken, verifyEmail } from './world.ts'

const main = fileURLToPath(new URL('../../admin/main.js', import.meta.url))
const password = 'something quite different'

interface Outcome {
  code: number
  out: string
  err: string
}

/** Runs the command line in a process of its own, in a folder where no cluster runs. */
async function admin (args: string[], env: Record<string, string>, cwd = '/'): Promise<Outcome> {
  const { PATH = '' } = process.env
  return await new Promise((resolve) => {
    execFile(process.execPath, ['--enable-source-maps', main, ...args], { cwd, env: { PATH, ...env }, timeout: 30_000 }, (error, out, err) => {
      resolve({ code: error ? Number(error.code) : 0, out, err })
    })
  })
}

t.test('a link by an administrator sets a new password once, and ends every session', async (t) => {
  const node = await startNode(t)
  const alice = await person(node, 'alice')
  await alice.patch('/auth/user', { email: 'alice@example.com' })
  const socket = await alice.connect()
  const env = { DATABASE_URL: node.stores.databaseUrl, PUBLIC_URL: 'https://chat.example.com/parley/' }

  const first = await admin(['recovery-link', 'Alice'], env)
  const { code, out, err } = await admin(['recovery-link', 'alice'], env)

  t.same([code, err], [0, ''])
  const [, token = ''] = /^https:\/\/chat\.example\.com\/parley\/#\/recovery\/([\w-]{43})$/m.exec(out) ?? []
  const [, old = ''] = /#\/recovery\/([\w-]{43})$/m.exec(first.out) ?? []
  t.match((await stranger(node).post('/auth/recovery/confirm', { token: old, password })).body.error, { code: 'link.not_found' })
  t.equal((await stranger(node).post('/auth/recovery/confirm', { token, password })).status, 204)
  t.match((await stranger(node).post('/auth/recovery/confirm', { token, password })).body.error, { code: 'link.not_found' })
  t.same(await socket.next('session:ended'), { reason: 'password_changed' })
  const { body } = await stranger(node).post('/auth/login', { username: 'alice', password })
  t.match(body.user, { email: 'alice@example.com', emailVerified: false }, 'and proves no address')
})

t.test('without a PUBLIC_URL the token is printed, with what to do with it', async (t) => {
  const node = await startNode(t)
  await person(node, 'alice')

  const { code, out } = await admin(['recovery-link', 'alice'], { DATABASE_URL: node.stores.databaseUrl })

  t.equal(code, 0)
  const [, token = ''] = /^token: ([\w-]{43})$/m.exec(out) ?? []
  const [, header = '', body = ''] = /^curl -H '([^']+)' https:\/\/where-parley-is\.example\/api\/auth\/recovery\/confirm -d '([^']+)'$/m.exec(out) ?? []
  t.equal(header, 'content-type: application/json')
  t.equal((JSON.parse(body) as { token: string }).token, token)
  t.equal((await stranger(node).post('/auth/recovery/confirm', body)).status, 204)
  t.equal((await stranger(node).post('/auth/login', { username: 'alice', password: 'the new password' })).status, 200)
})

t.test('a link by an administrator outlives another email, and a mailed one replaces it', async (t) => {
  const mailbox = await startMailbox(t)
  const node = await startNode(t, mailbox.settings)
  const alice = await person(node, 'alice')
  const make = async () => /recovery\/([\w-]{43})$/m.exec((await admin(['recovery-link', 'alice'], { DATABASE_URL: node.stores.databaseUrl, PUBLIC_URL: node.url })).out)?.[1] ?? ''
  const confirm = async (token: string) => (await stranger(node).post('/auth/recovery/confirm', { token, password })).status

  const before = await make()
  await verifyEmail(alice, 'alice@example.com', mailbox)
  t.equal(await confirm(before), 204)
  const replaced = await make()
  await askForToken(alice, 'alice@example.com', mailbox)
  t.equal(await confirm(replaced), 404)
})

t.test('S2: every session of somebody is ended by Postgres alone, and nodes find out by themselves', async (t) => {
  const node = await startNode(t)
  const [alice, bob] = [await person(node, 'alice'), await person(node, 'bob')]
  const [socket, bobSocket] = [await alice.connect(), await bob.connect()]

  const { code, out } = await admin(['end-sessions', 'alice'], { DATABASE_URL: node.stores.databaseUrl })

  t.equal(code, 0)
  t.match(out, /Every session of alice has ended\. .* within 10 s/)
  t.equal((await alice.get('/auth/user')).body.error.code, 'session.required')
  t.same(await socket.next('session:ended', undefined, 10_000), { reason: 'revoked' })
  t.equal((await bob.get('/auth/user')).status, 200)
  t.same(await bobSocket.do('room:sync', { rooms: [] }), { rooms: [] })
  t.equal((await alice.post('/auth/login', { username: 'alice', password: alice.password })).status, 200, 'the password is as it was')
})

t.test('somebody is shown without anything secret', async (t) => {
  const node = await startNode(t)
  const alice = await person(node, 'alice')
  const { sql } = node.app.database
  await alice.makeRoom({ kind: 'private', name: 'a secret room' })
  await alice.makeRoom()
  const env = { DATABASE_URL: node.stores.databaseUrl }

  const { code, out } = await admin(['show', 'alice'], env)

  t.equal(code, 0)
  t.match(out, new RegExp(`^username {6}alice\ndisplay name {2}alice\nid {12}${alice.id}\ncreated {7}\\S+Z\nemail {9}none\npassword {6}set\nrooms {9}2\nidentities {4}none\n$`))
  await alice.patch('/auth/user', { email: 'alice@example.com', displayName: 'Alice \u001b[31m\u202e' })
  t.match((await admin(['show', 'alice'], env)).out, /display name {2}Alice \ufffd\[31m\ufffd\n[^]*email {9}alice@example\.com \(not verified\)/)

  await sql`update users set email_verified_at = now(), password_hash = null`
  for (const [issuer, label] of [['https://id.example.com', 'alice@id.example.com'], ['https://other.example.com', null]] as const) {
    await sql`insert into identities (id, user_id, issuer, subject, label) values (${randomUUID()}, ${alice.id}, ${issuer}, 'subject', ${label})`
  }
  t.match((await admin(['show', 'ALICE'], env)).out, /alice@example\.com \(verified\)\npassword {6}none\nrooms {9}2\nidentities {4}alice@id\.example\.com at https:\/\/id\.example\.com\n {14}https:\/\/other\.example\.com\n$/)
})

t.test('without a DATABASE_URL it is the embedded cluster that runs here', async (t) => {
  const node = await startNode(t)
  await person(node, 'alice')
  const folder = t.testdir({ '.data': {}, elsewhere: {}, broken: { 'cluster.json': '{' } })
  for (const place of ['.data', 'elsewhere']) {
    writeFileSync(join(folder, place, 'cluster.json'), JSON.stringify({ url: 'http://localhost:3000', postgres: { pid: 1, url: node.stores.databaseUrl } }))
  }

  t.match(await admin(['recovery-link', 'alice'], {}, folder), { code: 0, out: /^http:\/\/localhost:3000\/#\/recovery\//m })
  t.match(await admin(['show', 'alice'], { DATA_DIR: 'elsewhere' }, folder), { code: 0, out: /^username {6}alice$/m })
  t.match(await admin(['show', 'alice'], { DATA_DIR: 'broken' }, folder), { code: 1, err: /^Set DATABASE_URL .*broken\/cluster\.json cannot be read\.\n$/ })
})

t.test('what it cannot do it says in one sentence, with no trace of where it failed', async (t) => {
  const { databaseUrl } = await createStores(t)
  const sql = postgres(databaseUrl, { max: 1 })
  t.teardown(() => sql.end({ timeout: 1 }))
  const change = (parts: Partial<URL>) => Object.assign(new URL(databaseUrl), parts).href
  const port = await findFreePort()
  const DATABASE_URL = databaseUrl
  const cases: Array<[code: number, err: RegExp, args: string[], env: Record<string, string>]> = [
    [2, /^Name a command: there are recovery-link, end-sessions, show and help\.$/, [], {}],
    [2, /^There is no command drop: there are /, ['drop', 'alice'], {}],
    [2, /^Name one user: show <username>\.$/, ['show'], { DATABASE_URL }],
    [2, /^Name one user: end-sessions <username>\.$/, ['end-sessions', 'alice', 'bob'], { DATABASE_URL }],
    [1, /^Set DATABASE_URL to the database that the nodes use: it is missing, and no embedded cluster runs in \.data \(DATA_DIR\)\.$/, ['show', 'alice'], {}],
    [1, /^There is no user nobody\.$/, ['show', 'nobody'], { DATABASE_URL }],
    [1, /^There is no user nobody\.$/, ['end-sessions', 'nobody'], { DATABASE_URL }],
    [1, /^There is no user nobody\.$/, ['recovery-link', 'nobody'], { DATABASE_URL }],
    [1, /^Set PUBLIC_URL: it must begin with http/, ['recovery-link', 'alice'], { DATABASE_URL, PUBLIC_URL: 'chat.example.com' }],
    [1, /^Set DATABASE_URL: it must begin with postgres/, ['show', 'alice'], { DATABASE_URL: 'mysql://alice:geheim@127.0.0.1/x' }],
    [1, /^Set DATABASE_URL: it is no well-formed URL\.$/, ['show', 'alice'], { DATABASE_URL: 'postgres://alice:geheim@127.0.0.1:port/x' }],
    [1, /^No Postgres answers at 127\.0\.0\.1:\d+ \(connect ECONNREFUSED .*\): start it, or set DATABASE_URL/, ['show', 'alice'], { DATABASE_URL: `postgres://alice:geheim@127.0.0.1:${port}/x` }],
    [1, /^Postgres at \S+ refuses \(role "mallory" does not exist\): set DATABASE_URL/, ['show', 'alice'], { DATABASE_URL: change({ username: 'mallory', password: 'geheim' }) }],
    [1, /^Postgres at \S+ refuses \(database "nowhere" does not exist\)/, ['show', 'alice'], { DATABASE_URL: change({ pathname: '/nowhere' }) }],
    [1, /^The database at \S+ is not of this release: start a node of it first/, ['show', 'alice'], { DATABASE_URL: change({ pathname: '/postgres' }) }]
  ]
  for (const [code, err, args, env] of cases) {
    const outcome = await admin(args, env)
    const what = `${args.join(' ')}: ${JSON.stringify(outcome)}`
    t.same([outcome.code, outcome.out, outcome.err.split('\n').length], [code, '', 2], what)
    t.match(outcome.err.trim(), err)
    t.notMatch(outcome.err, 'geheim')
  }
})

t.test('help tells every command and setting', async (t) => {
  for (const word of ['help', '--help', '-h']) {
    t.match(await admin([word], {}), { code: 0, err: '', out: /recovery-link <username>[^]*end-sessions <username>[^]*show <username>[^]*DATABASE_URL[^]*DATA_DIR[^]*PUBLIC_URL/ })
  }
})
