import type { Presence } from '../../contract/index.ts'
import { Audiences } from '../../realtime/presence/audiences.ts'
import { t } from '../suite.ts'

const is = (userId: string): Presence => ({ userId, status: 'online', lastSeenAt: null })

t.test('who is told the same is told together, and everybody all that is theirs, in its order', async (t) => {
  const [alice, bob, carol] = [is('alice'), is('bob'), is('carol')]
  const audiences = new Audiences()
  audiences.add(alice, ['1', '2', '3'])
  audiences.add(bob, ['4', '2', '1', '5'])
  audiences.add(carol, ['1', '5', '2'])
  const told = [...audiences].sort((one, other) => (one.connectionIds[0] ?? '') < (other.connectionIds[0] ?? '') ? -1 : 1)
  t.same(told, [
    { connectionIds: ['1', '2'], users: [alice, bob, carol] },
    { connectionIds: ['3'], users: [alice] },
    { connectionIds: ['4'], users: [bob] },
    { connectionIds: ['5'], users: [bob, carol] },
  ])
  t.equal(told[0]?.users[0], alice)
})

t.test('nothing to tell is told to nobody', async (t) => {
  const audiences = new Audiences()
  audiences.add(is('alice'), [])
  t.same([...audiences], [])
})
