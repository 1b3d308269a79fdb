import { readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { t } from '../suite.ts'
import { complaint, findCycle, rules } from './import-rules.ts'
import { readImports } from './read-imports.ts'
import { readSources, root } from './sources.ts'

const sources = readSources(['.ts', '.tsx', '.js'])
const imports = sources.flatMap(readImports)

/** What would be said of a file with this text. */
function complaints (path: string, text: string): string[] {
  return readImports({ path, text }).map(complaint).filter((said) => said !== undefined)
}

t.test('nobody imports what they may not', async (t) => {
  t.ok(imports.length > 100, 'the sources were read')
  t.same(imports.map(complaint).filter((said) => said !== undefined), [])
})

t.test('a test file that runs others has a process of its own, where they have not been run yet', async (t) => {
  const isTest = (path: string) => path.endsWith('.test.ts')
  const runsOthers = new Set(imports.filter(({ from, target }) => isTest(from) && isTest(target)).map(({ from }) => from))
  t.ok(runsOthers.size > 0, 'there is one')
  t.same([...runsOthers].filter((path) => !imports.some(({ from, target, isTypeOnly }) => from === path && target === 'tap' && !isTypeOnly)), [])
})

t.test('no files import each other in a ring', async (t) => {
  t.same(findCycle(imports), undefined)
})

t.test('every folder with sources of the server has a rule', async (t) => {
  const free = ['test/', 'scripts/', 'drizzle.config.ts', 'eslint.config.js']
  const places = sources.map(({ path }) => path.replace(/\/.*/, '/'))
  t.same(places.filter((place) => !(place in rules) && !free.includes(place)), [])
})

t.test('every package that is imported is a dependency, and what the server runs on is no development dependency', async (t) => {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, Record<string, string>>
  const forServer = Object.keys(manifest.dependencies ?? {})
  const forAll = [...forServer, ...Object.keys(manifest.devDependencies ?? {})]
  // Packages of the web client are in what is built of it.
  const isTool = (path: string) => /^(test|scripts|web)\/|\.config\./.test(path)
  const missing = imports
    .filter(({ isPackage, target }) => isPackage && !isBuiltin(target))
    .filter(({ from, target, isTypeOnly }) => !(isTool(from) || isTypeOnly ? forAll : forServer).includes(target))
  t.same(missing.map(({ from, line, target }) => `${from}:${line} imports ${target}`), [])
})

t.test('the check sees each kind of import', async (t) => {
  const text = `
    import { a } from './a.ts'
    import './side-effect.ts'
    import type { B } from '../db/b.ts'
    import c, { type D } from '@scope/c/deep'
    export * from './e.ts'
    export type { F } from 'f'
    const g = await import('./g.ts')
    type H = import('../h.ts').H`
  t.same(readImports({ path: 'domain/some.ts', text }).map(({ line, target, isTypeOnly }) => [line, target, isTypeOnly]), [
    [2, 'domain/a.ts', false], [3, 'domain/side-effect.ts', false], [4, 'db/b.ts', true], [5, '@scope/c', false],
    [6, 'domain/e.ts', false], [7, 'f', true], [8, 'domain/g.ts', false], [9, 'h.ts', true]
  ])
})

t.test('the check refuses what the design forbids', async (t) => {
  const wrong: Record<string, string> = {
    'a route that reaches into the database': complaints('routes/rooms.ts', "import { findRoom } from '../db/queries/rooms.ts'")[0] ?? '',
    'a verb that imports an adapter': complaints('domain/rooms.ts', "import { feed } from '../realtime/feed.ts'")[0] ?? '',
    'a verb that knows Fastify': complaints('domain/rooms.ts', "import type { FastifyInstance } from 'fastify'")[0] ?? '',
    'a query that runs code of the contract': complaints('db/rows.ts', "import { limits } from '../contract/index.ts'")[0] ?? '',
    'a plugin that queries': complaints('plugins/sessions.ts', "import { findUser } from '../db/queries/users.ts'")[0] ?? '',
    'a contract with a second library': complaints('contract/user.ts', "import ajv from 'ajv'")[0] ?? '',
    'a handler that imports a plugin': complaints('realtime/server.ts', "import { configPlugin } from '../plugins/config.ts'")[0] ?? '',
    'a server that helps itself': complaints('server.ts', "import { openDatabase } from './db/client.ts'")[0] ?? '',
    'a server that imports its tests': complaints('domain/rooms.ts', "import type { Node } from '../test/helpers/node.ts'")[0] ?? '',
    'an SDK that imports the server': complaints('sdk/client.ts', "import { rooms } from '../domain/rooms.ts'")[0] ?? ''
  }
  for (const [what, said] of Object.entries(wrong)) t.match(said, / imports /, what)
})

t.test('the check allows what the design allows', async (t) => {
  t.same(complaints('routes/rooms.ts', "import { calls } from '../contract/index.ts'\nimport type { Feed } from '../realtime/feed.ts'"), [])
  t.same(complaints('db/rows.ts', "import type { RoomEvent } from '../contract/index.ts'"), [])
  t.same(complaints('plugins/database.ts', "import { openDatabase } from '../db/client.ts'\nimport fp from 'fastify-plugin'"), [])
  t.same(complaints('app.ts', "import { roomRoutes } from './routes/rooms.ts'"), [])
})

t.test('a ring is found, and types do not close it', async (t) => {
  const ring = (last: string) => findCycle([
    ...readImports({ path: 'domain/a.ts', text: "import './b.ts'" }),
    ...readImports({ path: 'domain/b.ts', text: "import './c.ts'" }),
    ...readImports({ path: 'domain/c.ts', text: last })
  ])
  t.same(ring("import './a.ts'"), ['domain/a.ts', 'domain/b.ts', 'domain/c.ts', 'domain/a.ts'])
  t.same(ring("import type { A } from './a.ts'"), undefined)
})
