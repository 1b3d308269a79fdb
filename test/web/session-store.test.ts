import t from 'tap'
import { createSessionStore } from '../../web/stores/session-store.ts'
import { countUnread } from '../../web/stores/room-view.ts'
import { FakeParley, room, user } from './world.ts'

function world () {
  const parley = new FakeParley()
  return { parley, ...createSessionStore(parley.asParley) }
}

t.test('rooms are shown by title, a direct one by the name of the other person', async (t) => {
  const { parley, store } = world()
  parley.signIn('alice')
  parley.rooms.joined = [room('zoo'), room('x', { kind: 'direct', name: null, userIds: [user('alice').id, user('bob').id] }), room('kitchen')]
  parley.tell('rooms', undefined)
  t.same(store.getState().rooms.map(({ title }) => title), ['…', 'kitchen', 'zoo'])

  store.setState(({ users }) => ({ users: { ...users, [user('bob').id]: user('bob') } }))
  t.same(store.getState().rooms.map(({ title }) => title), ['Bob', 'kitchen', 'zoo'], 'as soon as it is known who that is')
})

t.test('a room that did not change stays the same object, so that nobody draws it again', async (t) => {
  const { parley, store } = world()
  parley.signIn('alice')
  parley.rooms.joined = [room('garden'), room('kitchen')]
  parley.tell('rooms', undefined)
  const before = store.getState().rooms

  parley.tell('rooms', undefined)
  t.equal(store.getState().rooms, before, 'nothing changed at all')

  parley.rooms.joined = [room('garden'), room('kitchen', { unread: 3 })]
  parley.tell('rooms', undefined)
  const [garden, kitchen] = store.getState().rooms
  t.equal(garden, before[0])
  t.match(kitchen, { title: 'kitchen', unread: 3 })
})

t.test('whoever signs out leaves nothing to see, but who they knew', async (t) => {
  const { parley, store } = world()
  parley.signIn('alice')
  parley.rooms.joined = [room('kitchen')]
  parley.tell('rooms', undefined)
  parley.signOut()
  parley.tell('signedOut', { reason: 'revoked' })
  t.match(store.getState(), { account: undefined, rooms: [], presences: {}, areRoomsKnown: false, ended: { reason: 'revoked' } })

  parley.signIn('alice')
  t.equal(store.getState().ended, undefined, 'the reason is forgotten with the next sign-in')
})

t.test('the connection is shown as it is: its state, its node, the next attempt', async (t) => {
  const { parley, store } = world()
  Object.assign(parley, { state: 'online', node: 'n1' })
  parley.tell('state', 'online')
  t.match(store.getState(), { connection: { state: 'online', node: 'n1', retryAt: undefined }, areRoomsKnown: true })

  parley.state = 'offline'
  parley.tell('state', 'offline')
  parley.tell('retry', { at: 1234 })
  t.match(store.getState().connection, { state: 'offline', node: 'n1', retryAt: 1234 })

  Object.assign(parley, { state: 'online', node: 'n2' })
  parley.tell('state', 'online')
  t.match(store.getState().connection, { state: 'online', retryAt: undefined })
  t.same(store.getState().visits.map(({ node }) => node), ['n2', 'n1'], 'the last node first')
})

t.test('after stop() nothing is heard any more', async (t) => {
  const { parley, store, stop } = world()
  stop()
  parley.signIn('alice')
  t.equal(store.getState().account, undefined)
})

t.test('who writes to me alone means me, as who mentions me does', async (t) => {
  const { parley, store } = world()
  parley.signIn('alice')
  parley.rooms.joined = [room('kitchen', { unread: 5, unreadMentions: 1 }), room('x', { kind: 'direct', name: null, userIds: [], unread: 2 })]
  parley.tell('rooms', undefined)
  t.same(countUnread(store.getState().rooms), { unread: 7, calls: 3 })
})
