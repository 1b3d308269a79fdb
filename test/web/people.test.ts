import t from 'tap'
import { ParleyError } from '../../sdk/index.ts'
import { createPeople } from '../../web/stores/people.ts'
import { createPresenceWatcher } from '../../web/stores/presence-watcher.ts'
import { createSessionStore } from '../../web/stores/session-store.ts'
import { FakeParley, settled, user } from './world.ts'

function world () {
  const parley = new FakeParley()
  const { store } = createSessionStore(parley.asParley)
  parley.signIn('alice')
  return { parley, store, people: createPeople(parley.asParley, store), watcher: createPresenceWatcher(parley.asParley) }
}

t.test('somebody is looked up once, however many ask', async (t) => {
  const { parley, store, people } = world()
  parley.answers.getOtherUser = () => ({ user: user('bob') })
  people.need([user('bob').id, user('alice').id])
  people.need([user('bob').id])
  await settled()
  t.same(parley.asked, ['getOtherUser'], 'and whoever is known already not at all')
  t.match(store.getState().users[user('bob').id], { displayName: 'Bob' })
})

t.test('a look-up that failed is made again for the next who asks, unless there is nobody', async (t) => {
  const { parley, people } = world()
  parley.answers.getOtherUser = () => { throw new ParleyError('client.unreachable') }
  people.need(['bob'])
  await settled()
  parley.answers.getOtherUser = () => { throw new ParleyError('user.not_found') }
  people.need(['bob'])
  await settled()
  people.need(['bob'])
  await settled()
  t.equal(parley.asked.length, 2)
})

t.test('whom components want to watch in one turn is one question', async (t) => {
  const { parley, watcher } = world()
  const stops = ['bob', 'carol', 'bob'].map((userId) => watcher.watch(userId))
  await settled()
  t.same(parley.asked, ['watch bob carol'])

  stops[0]?.()
  await settled()
  t.equal(parley.asked.length, 1, 'bob is still watched by another')
  stops[1]?.()
  stops[2]?.()
  await settled()
  t.same(parley.asked.slice(1), ['unwatch bob carol'])
})

t.test('who goes and comes back within a turn is not asked about again', async (t) => {
  const { parley, watcher } = world()
  const stop = watcher.watch('bob')
  await settled()
  stop()
  watcher.watch('bob')
  await settled()
  t.same(parley.asked, ['watch bob'])
})

t.test('whoever signs in next watches anew', async (t) => {
  const { parley, watcher } = world()
  watcher.watch('bob')
  await settled()
  parley.signOut()
  await settled()
  parley.signIn('carol')
  await settled()
  t.same(parley.asked, ['watch bob', 'watch bob'])
})
