import { Roommates } from '../../realtime/presence/roommates.ts'
import type { FollowedRooms } from '../../realtime/presence/service.ts'
import { t } from '../suite.ts'

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
  t.same(await roommates.hiddenFrom('alice', ['alice', 'bob', 'mallory'], inHall()), new Set(['mallory']))
  t.same(await roommates.hiddenFrom('carol', ['bob', 'mallory', 'carol'], inHall()), new Set(['mallory']))
  t.same(asked, [['bob', 'mallory'], ['mallory']], 'whom nobody found is asked about again')
  t.same(await roommates.hiddenFrom('dave', ['bob'], elsewhere), new Set())
  t.same(asked.length, 3, 'who is in another room asks')
})

t.test('it ends when they move, when the room is not followed any more, and when it is forgotten', async (t) => {
  const { roommates, asked, outside } = setUp()
  await roommates.hiddenFrom('alice', ['bob', 'carol'], inHall())
  outside.add('bob')
  roommates.moved(['bob'])
  t.same(await roommates.hiddenFrom('dave', ['bob', 'carol'], inHall()), new Set(['bob']))
  t.same(asked.at(-1), ['bob'])
  await roommates.hiddenFrom('dave', ['carol'], inHall(3))
  t.same(asked.at(-1), ['carol'], 'followed anew')
  roommates.forget(['carol'])
  await roommates.hiddenFrom('dave', ['carol'], inHall(3))
  t.same(asked.length, 4)
})

t.test('what was answered while somebody moved, or the room was entered, is not kept', async (t) => {
  const { roommates, asked, during } = setUp()
  during(() => { roommates.moved(['bob']) })
  await roommates.hiddenFrom('alice', ['bob'], inHall())
  during(() => {})
  await roommates.hiddenFrom('carol', ['bob'], inHall())
  t.same(asked.length, 2, 'bob may have left after the answer')

  let life: number | undefined
  during(() => { life = 7 })
  const entering: FollowedRooms = { ids: () => life === undefined ? [] : ['hall'], lifeOf: () => life }
  await roommates.hiddenFrom('alice', ['dave'], entering)
  await roommates.hiddenFrom('alice', ['dave'], entering)
  t.same(asked.length, 4, 'who left before the room was followed left unheard')
})
