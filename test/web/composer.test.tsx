import './dom.ts'
import t from 'tap'
import { createMembersStore } from '../../web/stores/members-store.ts'
import { createPeople } from '../../web/stores/people.ts'
import { createSessionStore, type Session } from '../../web/stores/session-store.ts'
import type { ComposerProps } from '../../web/features/conversation/composer/composer.tsx'
import type { ListPlace } from '../../web/features/conversation/list/list-context.ts'
import { FakeParley, member, room, settled } from './world.ts'

// After the page: React looks for one when it is loaded.
const { useState } = await import('react')
const { act, cleanup, fireEvent, render, screen } = await import('@testing-library/react')
const { Composer } = await import('../../web/features/conversation/composer/composer.tsx')
const { ListContext } = await import('../../web/features/conversation/list/list-context.ts')
const { SessionContext } = await import('../../web/stores/context.ts')

Object.assign(globalThis, { matchMedia: () => ({ matches: false }) })
t.afterEach(() => { cleanup() })

async function show (more: Partial<ComposerProps> = {}, begun = '') {
  const parley = new FakeParley()
  parley.answers.listMembers = () => ({ members: ['alice', 'bob', 'bonnie', 'carol'].map((name) => member(name)), nextCursor: null })
  const { store } = createSessionStore(parley.asParley)
  const people = createPeople(parley.asParley, store)
  const session = { parley: parley.asParley, store, people, members: createMembersStore(parley.asParley, people) } as Partial<Session> as Session
  parley.rooms.joined = [room('kitchen')]
  parley.signIn('alice')
  const sent: string[] = []
  const did: string[] = []

  function Page () {
    const [text, setText] = useState(begun)
    return (
      <Composer
        ref={null} roomId='id-of-kitchen' title='Kitchen' text={text} onText={setText} editing={undefined} replyingTo={undefined}
        onLeaveMode={() => { did.push('leave') }} onEditLast={() => { did.push('edit last') }} onTyping={() => { did.push('typing') }}
        onSend={() => { sent.push(text) }} uploads={[]} onFiles={() => {}} onRemoveFile={() => {}} pickEmoji={() => {}} {...more}
      />
    )
  }

  const place = { messageOf: () => undefined } as Partial<ListPlace> as ListPlace
  render(<SessionContext value={session}><ListContext value={place}><Page /></ListContext></SessionContext>)
  await act(settled)
  const area = screen.getByRole<HTMLTextAreaElement>('textbox')
  const write = (text: string) => { fireEvent.change(area, { target: { value: text, selectionStart: text.length } }) }
  const press = (key: string, shiftKey = false) => fireEvent.keyDown(area, { key, shiftKey })
  return { area, write, press, sent, did }
}

t.test('Enter sends, Shift and Enter do not, and nothing is nothing to send', async (t) => {
  const { write, press, sent, did } = await show()
  press('Enter')
  write('Hello')
  press('Enter', true)
  t.same(sent, [])
  press('Enter')
  t.same(sent, ['Hello'])
  t.same(did, ['typing'])
})

t.test('within a block of code Enter begins a line', async (t) => {
  const { write, press, sent } = await show()
  write('```js')
  press('Enter')
  write('```js\nx\n```')
  press('Enter')
  t.same(sent, ['```js\nx\n```'])
})

t.test('after an @ members are offered, and taken by keys', async (t) => {
  const { area, write, press, sent } = await show()
  write('Hi @bo')
  t.same(screen.getAllByRole('option').map(({ textContent }) => textContent), ['BBob@bob', 'BBonnie@bonnie'])
  press('ArrowDown')
  t.equal(screen.getByRole('option', { selected: true }).textContent, 'BBonnie@bonnie')
  press('Enter')
  t.same(sent, [], 'which does not send')
  t.equal(area.value, 'Hi @bonnie ')
  write('Hi @bo')
  press('Escape')
  t.equal(screen.queryByRole('listbox'), null)
})

t.test('ArrowUp where nothing is written edits the last message', async (t) => {
  const { write, press, did } = await show()
  press('ArrowUp')
  write('x')
  press('ArrowUp')
  t.same(did, ['edit last', 'typing'])
})

t.test('too much is counted, and not sent', async (t) => {
  const { write, press, sent } = await show()
  write('x'.repeat(3900))
  t.ok(screen.getByText('100 characters left'))
  write('x'.repeat(4001))
  t.ok(screen.getByText('1 character too many'))
  press('Enter')
  t.same(sent, [])
})

t.test('a file needs no words, and one that is on its way is waited for', async (t) => {
  const file = { key: 1, name: 'cake.png', size: 1500, preview: undefined, state: 'done' as const }
  const { press, sent } = await show({ uploads: [file] })
  press('Enter')
  t.same(sent, [''])
  cleanup()
  const waiting = await show({ uploads: [{ ...file, state: 'busy' }] }, 'Look')
  waiting.press('Enter')
  t.same(waiting.sent, [])
  t.ok(screen.getByText('Uploading…'))
})

t.test('what cannot be sent now is said to be sent later', async (t) => {
  await show()
  t.ok(screen.getByText(/You are not connected/))
})
