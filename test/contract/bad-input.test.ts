import { randomUUID } from 'node:crypto'
import { calls, commands, type Call, type CallName, type CommandName } from '../../contract/index.ts'
import type { Answer } from '../helpers/api.ts'
import { startNode } from '../helpers/node.ts'
import { people } from '../helpers/person.ts'
import { t } from '../suite.ts'
import { toPath, type Asked } from './call.ts'
import { checkFailure } from './checks.ts'
import { makeLeast, makeSample, type Schema } from './samples.ts'
import { badTextsFor, spoil, type Spoiled } from './spoil.ts'

const node = await startNode(t)
const [alice, bob] = await people(node, 'alice', 'bob')
const room = await alice.makeRoom()
await bob.join(room)
const message = await alice.send(room, 'hello')
const known = { roomId: room.id, userId: bob.id, sessionId: randomUUID(), seq: message.seq, replyTo: message.seq, after: 0, returnTo: '/' }
const allCalls = Object.entries(calls as Record<string, Call>) as Array<[CallName, Call]>

/** Why this is not the refusal that a bad request deserves; undefined when it is. */
function complaint ({ status, body }: Answer, codes: string[], path?: string): string | undefined {
  const failure = checkFailure(body, status)
  if (failure) return failure
  const { code, details } = body.error
  if (!codes.includes(code)) return `${code} in place of ${codes.join(' or ')}`
  // The parser of JSON refuses `__proto__` before anybody looks at fields.
  if (path === undefined || (details === undefined && /__proto__|constructor/.test(path))) return undefined
  return details?.every((detail) => detail.path.startsWith(path)) ? undefined : `details name ${JSON.stringify(details)} and not ${path}`
}

async function untouched (): Promise<string> {
  const { body } = await alice.get(`/rooms/${room.id}/events?limit=500`)
  return JSON.stringify(body)
}
/** The fields of an object's schema. */
function fieldsOf (schema: Schema | undefined): Array<[string, Schema]> {
  return Object.entries(schema?.properties ?? {})
}

const before = await untouched()

for (const [name, { method, params, query, body }] of allCalls) {
  const whole: Asked = {
    ...(params && { params: makeSample(params, known) as Asked['params'] }),
    ...(query && { query: makeLeast(query) }),
    ...(body && { body: makeSample(body, known) })
  }

  t.test(`${name}: whatever is wrong with its path or query is refused`, async (t) => {
    const complaints: string[] = []
    const attempt = async (what: string, asked: Asked, codes: string[]) => {
      const found = complaint(await alice.request(method, toPath(name, asked), asked.body === undefined ? {} : { body: asked.body }), codes)
      if (found) complaints.push(`${what}: ${found}`)
    }
    for (const [key, part] of fieldsOf(params)) {
      for (const text of badTextsFor(part)) {
        await attempt(`${key} ${text.slice(0, 50)}`, { ...whole, params: { ...whole.params, [key]: text } }, ['request.invalid', 'route.not_found'])
      }
    }
    for (const [key, part] of fieldsOf(query)) {
      for (const text of badTextsFor(part)) await attempt(`?${key}=${text.slice(0, 50)}`, { ...whole, query: { ...whole.query, [key]: text } }, ['request.invalid'])
    }
    for (const key of query ? ['unknown', '__proto__', 'constructor', 'limit[]'] : []) {
      await attempt(`?${key}`, { ...whole, query: Object.fromEntries([...Object.entries(whole.query ?? {}), [key, '1']]) }, ['request.invalid'])
    }
    t.same(complaints, [])
  })

  if (!body) continue
  t.test(`${name}: whatever is wrong with its body is refused, and named`, async (t) => {
    const complaints: string[] = []
    let tried = 0
    for (const { what, path, value } of spoil(body, known)) {
      tried++
      const answer = await alice.request(method, toPath(name, whole), { body: JSON.stringify(value) })
      const found = complaint(answer, ['request.invalid'], path)
      if (found) complaints.push(`${path} ${what}: ${found}`)
    }
    for (const text of ['{', '"', '{"a":}', 'nonsense', '\0', '1e999', `${'['.repeat(20_000)}`, '{"__proto__":1}', '{"seq":1e999,"id":1e999,"text":1e999,"role":1e999}']) {
      const found = complaint(await alice.request(method, toPath(name, whole), { body: text }), ['request.invalid'])
      if (found) complaints.push(`${text.slice(0, 50)}: ${found}`)
    }
    t.same(complaints, [])
    t.ok(tried > 10)
  })
}

t.test('every field that is wrong is named, not only the first', async (t) => {
  const { body } = await alice.post('/rooms', { name: '', kind: 'secret', topic: 7, colour: 'red' })
  t.same(body.error.details?.map(({ path }) => path).toSorted(), ['/colour', '/kind', '/name', '/topic'])
})

for (const name of Object.keys(commands) as CommandName[]) {
  t.test(`${name}: whatever is wrong with its payload is refused, and named`, async (t) => {
    const socket = await alice.connect()
    const complaints: string[] = []
    const spoiled: Spoiled[] = [...spoil(commands[name].payload, known)]
    for (const { what, path, value } of spoiled) {
      const { ok, ...failure } = await socket.send(name, value)
      const found = ok ? 'was taken' : complaint({ body: failure } as Answer, ['request.invalid'], path)
      if (found) complaints.push(`${path} ${what}: ${found}`)
    }
    t.same(complaints, [])
    t.ok(spoiled.length > 10)
    t.equal(socket.client.connected, true, 'the connection stands')
    socket.close()
  })
}

t.test('nothing of all this has changed anything, and the node still answers', async (t) => {
  t.equal(await untouched(), before)
  t.equal((await fetch(`${node.url}/readyz`)).status, 200)
  t.match((await alice.get('/auth/user')).body.user, { username: 'alice', displayName: 'alice' })
})
