import { randomUUID } from 'node:crypto'
import { startNode } from '../helpers/node.ts'
import { people, person, stranger } from '../helpers/person.ts'
import { t } from '../suite.ts'

async function usernames (api: Awaited<ReturnType<typeof person>>, query: string): Promise<string[]> {
  const { status, body } = await api.get(`/users?${query}`)
  t.equal(status, 200, JSON.stringify(body))
  return body.users.map(({ username }) => username)
}

t.test('people are found by the beginning of either name, in any case', async (t) => {
  const node = await startNode(t)
  const [alice, bob] = await people(node, 'alice', 'bob', 'alan', 'carol')
  await bob.patch('/auth/user', { displayName: 'Alabama Bob' })

  t.same(await usernames(alice, 'query=al'), ['alan', 'alice', 'bob'])
  t.same(await usernames(alice, 'query=ALA'), ['alan', 'bob'])
  t.same(await usernames(alice, 'query=bob'), ['bob'])
  t.same(await usernames(alice, 'query=lice'), [], 'the beginning, not the middle')
  t.same(await usernames(alice, ''), ['alan', 'alice', 'bob', 'carol'])
  const { body } = await alice.get('/users?query=alabama')
  t.same(body.users, [{ id: bob.id, username: 'bob', displayName: 'Alabama Bob' }])
})

t.test('what means something to Postgres means nothing here', async (t) => {
  const node = await startNode(t)
  const [alice, bob] = await people(node, 'alice', 'bob', 'a_b', 'axb')
  await bob.patch('/auth/user', { displayName: '100% \\Bob_' })

  t.same(await usernames(alice, `query=${encodeURIComponent('%')}`), [])
  t.same(await usernames(alice, 'query=_'), [])
  t.same(await usernames(alice, 'query=a_'), ['a_b'])
  t.same(await usernames(alice, `query=${encodeURIComponent('100% \\b')}`), ['bob'])
  t.same(await usernames(alice, `query=${encodeURIComponent('\' or true --')}`), [])
})

t.test('page by page, everybody comes once', async (t) => {
  const node = await startNode(t)
  const names = ['a.a', 'a-b', 'a_c', 'a12', 'aaa', 'aab', 'b12']
  const [alice] = await people(node, ...names as ['a.a'])

  const found: string[] = []
  let cursor: string | null = null
  do {
    const { body } = await alice.get(`/users?limit=2${cursor ? `&cursor=${cursor}` : ''}`)
    t.ok(body.users.length <= 2)
    found.push(...body.users.map(({ username }) => username))
    cursor = body.nextCursor
  } while (cursor)
  t.same(found.toSorted(), names.toSorted())
})

t.test('a question that does not fit is refused by the field', async (t) => {
  const node = await startNode(t)
  const alice = await person(node, 'alice')
  for (const [field, query] of [
    ['/limit', 'limit=0'], ['/limit', 'limit=101'], ['/limit', 'limit=ten'],
    ['/cursor', 'cursor=%25'], ['/cursor', 'cursor=bm90SlNPTg'], ['/cursor', 'cursor=MTI'],
    ['/query', `query=${'x'.repeat(65)}`], ['/query', 'query=%00'], ['/sort', 'sort=asc']
  ] as const) {
    const { status, body } = await alice.get(`/users?${query}`)
    t.equal(status, 400, query)
    t.same(body.error.details?.map(({ path }) => path), [field], query)
  }
})

t.test('one person by id', async (t) => {
  const node = await startNode(t)
  const [alice, bob] = await people(node, 'alice', 'bob')

  t.same((await alice.get(`/users/${bob.id.toUpperCase()}`)).body, { user: { id: bob.id, username: 'bob', displayName: 'bob' } })
  t.equal((await alice.get(`/users/${randomUUID()}`)).body.error.code, 'user.not_found')
  t.equal((await alice.get('/users/bob')).body.error.code, 'request.invalid')
})

t.test('a stranger finds nobody', async (t) => {
  const node = await startNode(t)
  const alice = await person(node, 'alice')
  for (const path of ['/users', `/users/${alice.id}`]) {
    t.equal((await stranger(node).get(path)).body.error.code, 'session.required')
  }
})
