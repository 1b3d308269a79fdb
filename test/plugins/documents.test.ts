import { calls, commands, serverEvents } from '../../contract/index.ts'
import { startNode } from '../helpers/node.ts'
import { t } from '../suite.ts'

interface OpenApi {
  openapi: string
  security: object[]
  paths: Record<string, Record<string, { operationId: string, security?: object[], requestBody?: object, responses: Record<string, object> }>>
  components: { securitySchemes: object, schemas: object }
}

interface AsyncApi {
  asyncapi: string
  channels: { socket: { messages: object } }
  operations: Record<string, { action: 'send' | 'receive', channel: object, messages: object[], reply?: object }>
}

const node = await startNode(t)
const read = async <Document>(name: string) => await (await fetch(`${node.url}/docs/${name}`)).json() as Document
const openapi = await read<OpenApi>('openapi.json')
const asyncapi = await read<AsyncApi>('asyncapi.json')

/** Every key of a document with what stands there. */
function * walk (value: unknown): Generator<[key: string, value: unknown]> {
  if (typeof value !== 'object' || value === null) return
  for (const [key, part] of Object.entries(value)) {
    yield [key, part]
    yield * walk(part)
  }
}

/** References that lead nowhere, and keywords that only we understand. */
function flaws (document: object): string[] {
  const find = (ref: string) => ref.replace('#/', '').split('/')
    .reduce<unknown>((part, key) => (part as Record<string, unknown> | undefined)?.[key], document)
  return [...walk(document)].flatMap(([key, value]) => {
    if (key === '$ref' && typeof value === 'string' && find(value) === undefined) return [value]
    return key === 'normalize' || key === 'wellFormed' || key.startsWith('~') ? [key] : []
  })
}

t.test('openapi.json describes every call of the contract', async (t) => {
  const described = Object.entries(openapi.paths)
    .flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`))
  const promised = Object.values(calls).map(({ method, path }) => `${method} /api${path.replaceAll(/:(\w+)/g, '{$1}')}`)

  t.match(openapi.openapi, /^3\.1\./)
  t.same(flaws(openapi), [])
  t.same(described.sort(), promised.sort())
})

t.test('each call says who may make it, what it takes and how it fails', async (t) => {
  const { paths, components, security } = openapi

  t.match(components.securitySchemes, { session: { type: 'apiKey', in: 'cookie', name: 'sid' } })
  t.same(security, [{ session: [] }])
  t.same(paths['/api/auth/login']?.post?.security, [], 'open to strangers')
  t.equal(paths['/api/rooms']?.post?.security, undefined, 'not open')
  const schema = { $ref: '#/components/schemas/ErrorAnswer' }
  for (const { operationId, responses } of Object.values(paths).flatMap((methods) => Object.values(methods))) {
    t.match(responses.default, { description: /./, content: { 'application/json': { schema } } }, operationId)
  }
  t.match(paths['/api/rooms/{roomId}/messages']?.post?.requestBody, { content: { 'application/json': { schema: { required: ['id', 'text'] } } } })
  t.same(paths['/api/rooms/{roomId}']?.delete?.responses[204], { description: 'Done; there is nothing to say.' })
})

t.test('asyncapi.json describes every command and every event', async (t) => {
  const operations = Object.entries(asyncapi.operations)
  const names = (wanted: string) => operations.filter(([, { action }]) => action === wanted).map(([key]) => key.replace('.', ':'))

  t.match(asyncapi, { asyncapi: '3.0.0', info: { title: /./, version: /./ } })
  t.same(flaws(asyncapi), [])
  t.same(names('receive'), Object.keys(commands))
  t.same(names('send'), Object.keys(serverEvents))
  for (const [key, { action, channel, messages, reply }] of operations) {
    t.same(channel, { $ref: '#/channels/socket' })
    t.same(messages, [{ $ref: `#/channels/socket/messages/${key}` }])
    t.ok(key in asyncapi.channels.socket.messages, `${key} is a message of its channel`)
    t.equal(reply !== undefined, action === 'receive', 'commands are acked, events are not')
  }
})

t.test('/docs is a page that loads nothing from elsewhere', async (t) => {
  const page = await fetch(`${node.url}/docs`)
  const html = await page.text()
  const assets = [...html.matchAll(/(?:src|href)="([^"#]+)"/g)].map(([, path = '']) => path)

  t.equal(page.status, 200)
  t.match(page.headers.get('content-security-policy'), /^default-src 'self';/)
  t.ok(assets.length > 2)
  for (const asset of assets) {
    t.notMatch(asset, /^(https?:)?\/\//)
    const response = await fetch(new URL(asset, page.url))
    await response.arrayBuffer() // One that is not read keeps its connection, and the node waits for it.
    t.equal(response.status, 200, asset)
  }
})
