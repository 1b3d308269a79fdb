import t from 'tap'
import { Roommates } from '../../realtime/presence/roommates.ts'
import type { FollowedRooms } from '../../realtime/presence/service.ts'

/** Everybody is in the hall, as far as nobody has left; `asked` is who was asked about. */
function setUp () {
  const asked: string[][] = []
  const outside = new Set<string>()
  let whileAsked = (): void => {}
  const roommates = new Roommates({
    async visibleTo (_viewerId, userIds) {
      asked.push(userIds)
      const found = new Map(userIds.filter((userId) => !outside.has(userId)).map((userId) => [userId, 'hall']))
      whileAsked()
      return found
    },
  })
  return { roommates, asked, outside, during (work: () => void) { whileAsked = work } }
}

const inHall = (life = 1): FollowedRooms => ({ ids: () => ['hall'], lifeOf: (roomId) => roomId === 'hall' ? life : undefined })
const elsewhere: FollowedRooms = { ids: () => ['attic'], lifeOf: (roomId) => roomId === 'attic' ? 2 : undefined }

t.test('whoever was found in a room is not asked about by the next who is in it', async (t) => {
  const { roommates, asked, outside } = setUp()
  outside.add('mallory')
  t.same(await roommates.visibleTo('alice', ['alice', 'bob', 'mallory'], inHall()), new Set(['alice', 'bob']))
  t.same(await roommates.visibleTo('carol', ['bob', 'mallory', 'carol'], inHall()), new Set(['bob', 'carol']))
  t.same(asked, [['bob', 'mallory'], ['mallory']], 'whom nobody found is asked about again')
  t.same(await roommates.visibleTo('dave', ['bob'], elsewhere), new Set(['bob']))
  t.same(asked.length, 3, 'who is in another room asks')
})

t.test('it ends when they move, when the room is not followed any more, and when it is forgotten', async (t) => {
  const { roommates, asked, outside } = setUp()
  await roommates.visibleTo('alice', ['bob', 'carol'], inHall())
  outside.add('bob')
  roommates.moved(['bob'])
  t.same(await roommates.visibleTo('dave', ['bob', 'carol'], inHall()), new Set(['carol']))
  t.same(asked.at(-1), ['bob'])
  await roommates.visibleTo('dave', ['carol'], inHall(3))
  t.same(asked.at(-1), ['carol'], 'followed anew')
  roommates.forget(['carol'])
  await roommates.visibleTo('dave', ['carol'], inHall(3))
  t.same(asked.length, 4)
})

t.test('what was answered while somebody moved, or the room was entered, is not kept', async (t) => {
  const { roommates, asked, during } = setUp()
  during(() => { roommates.moved(['bob']) })
  await roommates.visibleTo('alice', ['bob'], inHall())
  during(() => {})
  await roommates.visibleTo('carol', ['bob'], inHall())
  t.same(asked.length, 2, 'bob may have left after the answer')

  let life: number | undefined
  during(() => { life = 7 })
  const entering: FollowedRooms = { ids: () => life === undefined ? [] : ['hall'], lifeOf: () => life }
  await roommates.visibleTo('alice', ['dave'], entering)
  await roommates.visibleTo('alice', ['dave'], entering)
  t.same(asked.length, 4, 'who left before the room was followed left unheard')
})
