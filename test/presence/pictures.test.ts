import type { Presence, PresenceStatus } from '../../contract/index.ts'
import { Pictures } from '../../realtime/presence/pictures.ts'
import { t } from '../suite.ts'

function is (userId: string, status: PresenceStatus): Presence {
  return { userId, status, lastSeenAt: null }
}

t.test('the first picture is no change', async (t) => {
  const pictures = new Pictures()
  pictures.take(is('alice', 'online'), 5)
  t.same(pictures.get('alice'), is('alice', 'online'))
  t.same(pictures.tellChanges(), [])
})

t.test('a late piece of news never overrides a newer one', async (t) => {
  const pictures = new Pictures()
  pictures.take(is('alice', 'online'), 5)
  pictures.take(is('alice', 'offline'), 4)
  t.same(pictures.get('alice'), is('alice', 'online'))
  t.ok(pictures.confirm({ ...is('alice', 'online'), version: 9 }))
  pictures.take(is('alice', 'offline'), 7)
  t.same(pictures.tellChanges(), [])
  pictures.take(is('alice', 'away'), 10)
  t.same(pictures.tellChanges(), [is('alice', 'away')])
  t.notOk(pictures.confirm({ ...is('alice', 'online'), version: 11 }))
})

t.test('what went to and fro before it was told is not told', async (t) => {
  const pictures = new Pictures()
  pictures.take(is('alice', 'online'), 1)
  pictures.take(is('bob', 'online'), 1)
  pictures.take(is('alice', 'offline'), 2)
  pictures.take(is('bob', 'away'), 2)
  pictures.take(is('alice', 'online'), 3)
  t.ok(pictures.isChanged)
  t.same(pictures.tellChanges(), [is('bob', 'away')])
  t.notOk(pictures.isChanged)
})

t.test('unknown overrides whatever was known, and the same version makes it known again', async (t) => {
  const pictures = new Pictures()
  pictures.take(is('alice', 'online'), 5)
  pictures.take(is('alice', 'unknown'), 0)
  t.same(pictures.tellChanges(), [is('alice', 'unknown')])
  pictures.take(is('alice', 'offline'), 4)
  t.same(pictures.tellChanges(), [])
  pictures.take(is('alice', 'online'), 5)
  t.same(pictures.tellChanges(), [is('alice', 'online')])
})

t.test('nothing is told of somebody forgotten', async (t) => {
  const pictures = new Pictures()
  pictures.take(is('alice', 'online'), 5)
  pictures.take(is('alice', 'away'), 6)
  pictures.forget('alice')
  t.same(pictures.tellChanges(), [])
  t.equal(pictures.get('alice'), undefined)
})
