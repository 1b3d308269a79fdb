import { password, people, usernames } from '../../demo/people.ts'
import { play } from '../../demo/play.ts'
import { rooms } from '../../demo/script.ts'
import { Api } from '../helpers/api.ts'
import { startNodes, type TestNode } from '../helpers/node.ts'
import { t } from '../suite.ts'

async function signIn (node: TestNode, username: string): Promise<Api> {
  const api = new Api(node)
  t.equal((await api.post('/auth/login', { username, password })).status, 200, username)
  return api
}

/** All that somebody sees of the demo. */
async function tour (api: Api) {
  const { body } = await api.get('/rooms')
  return await Promise.all(body.rooms.map(async ({ room, lastSeq }) => {
    const { body } = await api.get(`/rooms/${room.id}/messages`)
    return { room, lastSeq, messages: body.messages }
  }))
}

t.test('the demo brings people and rooms, and played again it changes nothing', async (t) => {
  const [n1, n2] = await startNodes(t, 2)
  await play(n1.url)
  const alice = await signIn(n1, 'alice')
  const seen = await tour(alice)
  t.same(seen.map(({ room }) => room.name).toSorted(), [...rooms.map(({ name }) => name), null].toSorted())
  const lobby = seen.find(({ room }) => room.name === 'Lobby')
  t.equal(lobby?.room.memberCount, usernames.length)
  t.same(lobby?.messages.map(({ text }) => text), rooms[0]?.lines.map(({ text }) => text))
  t.match(lobby?.messages[0]?.reactions, [{ emoji: '👋', count: 2 }, { emoji: '🎉', count: 1 }])
  t.equal(lobby?.messages[2]?.replyTo, lobby?.messages[1]?.seq)

  await play(n2.url)
  t.same(await tour(alice), seen)
  for (const username of usernames) {
    const { body } = await (await signIn(n2, username)).get('/auth/user')
    t.equal(body.user.displayName, people[username])
  }
})
