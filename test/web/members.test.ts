import t from 'tap'
import type { Role } from '../../contract/index.ts'
import { ParleyError } from '../../sdk/index.ts'
import { mayRule, rolesToGive } from '../../web/features/members/permissions.ts'
import { sortMembers } from '../../web/features/members/sort-members.ts'
import { applyMemberEvent, createMembersStore } from '../../web/stores/members-store.ts'
import { createPeople } from '../../web/stores/people.ts'
import { createSessionStore } from '../../web/stores/session-store.ts'
import { event, FakeParley, member, room, settled, user } from './world.ts'

type MemberEvent = Parameters<typeof applyMemberEvent>[1]

function world () {
  const parley = new FakeParley()
  const { store } = createSessionStore(parley.asParley)
  parley.signIn('alice')
  const { store: members, ...rest } = createMembersStore(parley.asParley, createPeople(parley.asParley, store))
  return { parley, members, ...rest, view: () => members.getState()['id-of-kitchen'] }
}

t.test('members are loaded page by page, once, and kept true by what happens', async (t) => {
  const { parley, need, view } = world()
  const pages = [{ members: [member('alice', 'owner')], nextCursor: 'c' }, { members: [member('bob')], nextCursor: null }]
  parley.answers.listMembers = () => pages.shift()
  parley.answers.getOtherUser = () => ({ user: user('carol') })
  need('id-of-kitchen')
  need('id-of-kitchen')
  await settled()
  t.equal(parley.asked.filter((name) => name === 'listMembers').length, 2)
  t.equal(view()?.state, 'complete')

  const joined = event('member.joined', { userId: user('carol').id, role: 'member' })
  const left = event('member.left', { userId: user('bob').id }, { seq: 2 })
  parley.tell('events', { room: room('kitchen'), events: [joined, left] })
  t.same(Object.keys(view()?.members ?? {}), [user('alice').id, user('carol').id])
})

t.test('a list that could not be loaded says why, and is loaded when it is asked for again', async (t) => {
  const { parley, need, view } = world()
  parley.answers.listMembers = () => { throw new ParleyError('client.unreachable') }
  need('id-of-kitchen')
  await settled()
  t.match(view(), { state: 'failed', error: { code: 'client.unreachable' } })
  parley.answers.listMembers = () => ({ members: [], nextCursor: null })
  need('id-of-kitchen')
  await settled()
  t.equal(view()?.state, 'complete')
})

t.test('another person sees nothing of it', async (t) => {
  const { parley, need, view } = world()
  parley.answers.listMembers = () => ({ members: [member('bob')], nextCursor: null })
  need('id-of-kitchen')
  await settled()
  parley.signIn('carol')
  t.equal(view(), undefined)
})

t.test('a change of role keeps the mute, and a mute that is lifted goes', async (t) => {
  const muted = { ...member('bob'), mutedUntil: '2027-01-01T00:00:00.000Z' }
  const change = (data: object) => applyMemberEvent({ [muted.userId]: muted }, event('member.changed', { userId: muted.userId, role: 'admin', ...data }) as MemberEvent)
  t.match(change({})[muted.userId], { role: 'admin', mutedUntil: muted.mutedUntil, user: user('bob') })
  t.match(change({ mutedUntil: null })[muted.userId], { mutedUntil: null })
})

t.test('what is offered is what the server allows', async (t) => {
  const roles: Role[] = ['owner', 'admin', 'member']
  t.same(roles.map((mine) => roles.filter((theirs) => mayRule(mine, theirs))), [['owner', 'admin', 'member'], ['admin', 'member'], []])
  t.same(rolesToGive('admin', 'member'), ['admin'])
  t.same(rolesToGive('owner', 'admin'), ['owner', 'member'])
  t.same(rolesToGive(undefined, 'member'), [], 'while it is not known who I am here')
})

t.test('members stand by role and name, and are found by either name', async (t) => {
  const all = [member('zoe'), member('bob'), member('mia', 'owner')]
  t.same(sortMembers(all, {}).map(({ name }) => name), ['Mia', 'Bob', 'Zoe'])
  t.same(sortMembers(all, { [user('bob').id]: { ...user('bob'), displayName: 'Zed' } }).map(({ name }) => name), ['Mia', 'Zed', 'Zoe'], 'by the name that they have now')
  t.same(sortMembers(all, {}, ' ZO').map(({ name }) => name), ['Zoe'])
})
