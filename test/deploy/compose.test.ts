import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { settings } from '../../plugins/config.ts'
import { root } from '../repository/sources.ts'
import { t } from '../suite.ts'

interface Service {
  image: string
  build?: { context: string, dockerfile: string }
  environment?: Record<string, string>
  depends_on?: string[] | Record<string, unknown>
  healthcheck?: unknown
  command?: string[]
  volumes?: string[]
  ports?: string[]
}

const read = (path: string) => readFileSync(join(root, path), 'utf8')
const text = read('docker-compose.yml')
const { services, volumes } = parse(text, { merge: true }) as { services: Record<string, Service>, volumes: Record<string, unknown> }
const balancer = read('deploy/haproxy.cfg')
const nodes = Object.entries(services).filter(([, { build }]) => build !== undefined)

t.test('there are three nodes, and each setting of theirs is one that a node knows', async (t) => {
  t.same(nodes.map(([name]) => name), ['n1', 'n2', 'n3'])
  for (const [name, { environment = {} }] of nodes) {
    t.equal(environment.NODE_NAME, name)
    t.same(Object.keys(environment).filter((setting) => !(setting in settings.properties)), [], name)
    t.same((settings.required as string[]).filter((setting) => !(setting in environment) && isWithoutDefault(setting)), [], name)
  }
})

/** What the image says, and how the containers are laid out. */
const fixed = ['HOST', 'PORT']

t.test('every setting reaches the nodes, and one that is not set is not set there', async (t) => {
  for (const [name, { environment = {} }] of nodes) {
    t.same(Object.keys(settings.properties).filter((setting) => !(setting in environment) && !fixed.includes(setting)), [], name)
    for (const [setting, value] of Object.entries(environment)) {
      if (value.startsWith('${')) t.ok(value.startsWith(`\${${setting}:`), `${setting} is passed under its own name`)
    }
  }
})

t.test('what a client says of itself in X-Forwarded-For, -Proto and -Host ends at the balancer', async (t) => {
  const [, frontend = ''] = balancer.split(/^frontend /m)
  for (const header of ['For', 'Proto', 'Host']) {
    const deleted = frontend.indexOf(`    http-request del-header X-Forwarded-${header}\n`)
    t.ok(deleted > 0, header)
    const added = frontend.search(header === 'For' ? /^ +option forwardfor$/m : new RegExp(`^ +http-request set-header X-Forwarded-${header} `, 'm'))
    t.ok(added > deleted, `${header} is added after that`)
  }
})

function isWithoutDefault (setting: string): boolean {
  return !('default' in settings.properties[setting as keyof typeof settings.properties])
}

t.test('no secret has a default or stands in the file', async (t) => {
  const uses = [...text.matchAll(/\$\{(SESSION_SECRET|POSTGRES_PASSWORD)([^}]*)\}/g)]
  t.ok(uses.length >= 3)
  for (const [use, , rest = ''] of uses) t.match(rest, /^:\?set it in \.env/, use)
})

t.test('what a service depends on, mounts or is built from is there', async (t) => {
  for (const [name, { depends_on: needs = [], volumes: mounts = [], build }] of Object.entries(services)) {
    for (const other of Array.isArray(needs) ? needs : Object.keys(needs)) t.ok(other in services, `${name} needs ${other}`)
    for (const mount of mounts) {
      const [source = ''] = mount.split(':')
      t.ok(source.startsWith('.') ? existsSync(join(root, source)) : source in volumes, `${name} mounts ${source}`)
    }
    if (build) t.ok(existsSync(join(root, build.context, build.dockerfile)), name)
  }
})

t.test('nodes wait for stores that answer, and Redis keeps the sessions', async (t) => {
  for (const store of ['postgres', 'redis']) {
    t.ok(services[store]?.healthcheck, `${store} is checked`)
    for (const [name, { depends_on: needs }] of nodes) t.match(needs, { [store]: { condition: 'service_healthy' } }, name)
  }
  t.match(services.redis?.command?.join(' '), /--appendonly yes/)
})

t.test('only the balancer is reachable from outside', async (t) => {
  t.same(Object.entries(services).filter(([, { ports }]) => ports).map(([name]) => name), ['balancer'])
})

t.test('the balancer knows every node, and routes each engine.io id to its node', async (t) => {
  for (const [name] of nodes) {
    t.match(balancer, `server ${name} ${name}:3000`)
    t.match(balancer, `use-server ${name} if { urlp(sid) -m beg ${name}. }`)
  }
  t.equal(balancer.match(/^ +server /gm)?.length, nodes.length)
  t.match(balancer, /retry-on conn-failure\n/)
})

t.test('the image runs as an ordinary user, without development dependencies, and gets its signals itself', async (t) => {
  const image = read('deploy/Dockerfile').split(/^FROM /m).at(-1) ?? ''
  t.match(image, /^USER node$/m)
  t.match(image, /^HEALTHCHECK /m)
  t.match(image, /^CMD \["node", /m)
  t.match(read('deploy/Dockerfile'), 'npm prune --omit=dev')
  t.match(read('.dockerignore'), /^\.env$/m)
})
