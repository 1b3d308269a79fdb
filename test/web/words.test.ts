import t from 'tap'
import { ParleyError } from '../../sdk/index.ts'
import { describeConnection } from '../../web/app/describe-connection.ts'
import { isWorthANotice } from '../../web/app/worth-a-notice.ts'
import { describeDevice } from '../../web/features/devices/describe-device.ts'
import { linkOf } from '../../web/features/invitations/links.ts'
import { rankRooms } from '../../web/features/rooms/rank-rooms.ts'
import { viewRooms } from '../../web/stores/room-view.ts'
import { initialsOf, shadeOf, shades } from '../../web/ui/initials.ts'
import { toAgo } from '../../web/ui/time.ts'
import { fieldsOf } from '../../web/ui/use-submit.ts'
import { event, room, user } from './world.ts'

t.test('the connection is described honestly', async (t) => {
  const say = (state: 'offline' | 'connecting' | 'refused', retryAt?: number, isOnline = true) =>
    describeConnection({ state, node: 'n1', retryAt }, { now: 1000, isOnline })
  t.match(say('offline', 4500).text, /connection is lost. Trying again in 4 s/)
  t.match(say('connecting', 4500).text, /does not answer yet/)
  t.match(say('offline', 900), { text: 'Reconnecting …', canTry: false }, 'it is being tried')
  t.match(say('offline', 4500, false).text, /You are offline/)
  t.match(say('refused'), { tone: 'danger', canTry: true })
})

t.test('a notice is for what is new, of others, and wanted', async (t) => {
  const sent = (data: object = {}, more: object = {}) => event('message.sent', { text: 'hi', ...data }, { seq: 9, ...more }) as Parameters<typeof isWorthANotice>[0]
  const reader = { wanted: 'calls', kind: 'public', userId: user('alice').id, readSeq: 0 } as const
  const now = Date.parse(sent().at) + 1000
  t.equal(isWorthANotice(sent(), reader, now), false, 'nobody is meant in particular')
  t.equal(isWorthANotice(sent(), { ...reader, wanted: 'all' }, now), true)
  t.equal(isWorthANotice(sent({ mentions: [user('alice').id] }), reader, now), true, 'a mention')
  t.equal(isWorthANotice(sent(), { ...reader, kind: 'direct' }, now), true, 'a direct message')
  t.equal(isWorthANotice(sent({}, { actorId: user('alice').id }), { ...reader, wanted: 'all' }, now), false, 'my own')
  t.equal(isWorthANotice(sent(), { ...reader, wanted: 'all', readSeq: 9 }, now), false, 'read elsewhere')
  t.equal(isWorthANotice(sent(), { ...reader, wanted: 'all' }, now + 3_600_000), false, 'of an hour ago')
  t.equal(isWorthANotice(sent(), { ...reader, wanted: 'none', kind: 'direct' }, now), false)
})

t.test('devices are named for their owner', async (t) => {
  const name = (userAgent: string | null) => describeDevice(userAgent).name
  t.equal(name('Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'), 'Firefox on Linux')
  t.equal(name('Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0'), 'Edge on Windows')
  t.same(describeDevice('Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1'), { name: 'Safari on iPhone', isPhone: true })
  t.equal(name('curl/8.5.0'), 'curl')
  t.equal(name(null), 'An unknown device')
})

t.test('the quick switcher ranks what begins so first, then words, then the rest', async (t) => {
  const joined = [room('Old kitchen'), room('Kitchen'), room('thekit'), room('Garden'), room('Kite', { archivedAt: '2026-01-01T00:00:00.000Z' }), room('Kit news', { unread: 2 })]
  const { rooms } = viewRooms(joined, { users: {}, userId: user('alice').id })
  t.same(rankRooms(rooms, 'kit').map(({ title }) => title), ['Kit news', 'Kitchen', 'Old kitchen', 'thekit', 'Kite'])
})

t.test('initials and colours are the same for the same person', async (t) => {
  t.same(['Alice Andrews', 'bob', 'Ana María de la Cruz', '', '🦊 Fox'].map(initialsOf), ['AA', 'B', 'AC', '?', '🦊F'])
  t.equal(shadeOf('an-id'), shadeOf('an-id'))
  t.ok(shadeOf('an-id') < shades)
})

t.test('what the server refuses stands at its field, as a sentence', async (t) => {
  const error = new ParleyError('request.invalid', { details: [{ path: '/username', message: 'must be longer' }, { path: '/a/b', message: 'x' }] })
  t.same(fieldsOf(error), { username: 'Must be longer.' })
})

t.test('times are told from now', async (t) => {
  const now = Date.parse('2026-01-02T00:00:00.000Z')
  t.equal(toAgo('2026-01-01T23:59:40.000Z', now), 'just now')
  t.match(toAgo('2026-01-01T23:55:00.000Z', now), '5 minutes ago')
  t.match(toAgo('2026-01-08T23:59:00.000Z', now), 'in 7 days')
})

t.test('the link of an invitation leads to this very page', async (t) => {
  t.equal(linkOf('abc', { origin: 'https://chat.example.com', pathname: '/' } as Location), 'https://chat.example.com/#/invitation/abc')
})
