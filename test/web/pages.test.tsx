import './dom.ts'
import t from 'tap'
import type { Session } from '../../web/stores/session-store.ts'
import { createSessionStore } from '../../web/stores/session-store.ts'
import { ParleyError } from '../../sdk/index.ts'
import { FakeParley, settled } from './world.ts'

// After the page: React looks for one when it is loaded.
const { act, cleanup, fireEvent, render, screen } = await import('@testing-library/react')
const { HashRouter } = await import('react-router')
const { RequireSession } = await import('../../web/app/require-session.tsx')
const { NotInRoom } = await import('../../web/features/rooms/not-in-room.tsx')
const { SessionContext } = await import('../../web/stores/context.ts')
const { ComboList } = await import('../../web/ui/combo-list.tsx')

t.afterEach(() => { cleanup() })

function show () {
  const parley = new FakeParley()
  parley.answers.listMethods = () => ({ password: true, recovery: true, oidc: { name: 'Example ID' } })
  const { store } = createSessionStore(parley.asParley)
  const signedIn: unknown[] = []
  const session = {
    parley: parley.asParley,
    store,
    open: async () => {},
    signIn: async (credentials) => {
      signedIn.push(credentials)
      throw new ParleyError('session.invalid_credentials')
    }
  } as Partial<Session> as Session
  const page = render(
    <SessionContext value={session}>
      <HashRouter><RequireSession><p>The rooms</p></RequireSession></HashRouter>
    </SessionContext>
  )
  return { parley, store, signedIn, page }
}

t.test('while it is not known who is signed in nobody is asked to', async (t) => {
  const { store } = show()
  t.ok(screen.queryByText('Asking who is signed in'))
  await act(async () => {
    store.setState({ opening: 'known' })
    await settled()
  })
  t.ok(screen.getByLabelText('Username'))
})

t.test('every way to sign in that the server offers is there, and a wrong password is said at its field', async (t) => {
  const { store, signedIn } = show()
  await act(async () => {
    store.setState({ opening: 'known' })
    await settled()
  })
  t.ok(screen.getByText('Go on with Example ID'))
  t.ok(screen.getByText('Forgot your password?'))

  fireEvent.change(screen.getByLabelText('Username'), { target: { value: ' alice ' } })
  fireEvent.change(screen.getByLabelText('Password'), { target: { value: 'wrong horse' } })
  await act(async () => {
    fireEvent.submit(screen.getByLabelText('Password').closest('form') as HTMLFormElement)
    await settled()
  })
  t.same(signedIn, [{ username: 'alice', password: 'wrong horse' }])
  const password = screen.getByLabelText('Password')
  t.equal(password.getAttribute('aria-invalid'), 'true')
  t.match(document.getElementById(password.getAttribute('aria-describedby')?.split(' ').at(-1) ?? '')?.textContent, /wrong/)
})

t.test('whoever was signed out elsewhere is told why, and is where they were after signing in', async (t) => {
  const { parley, store } = show()
  await act(async () => { parley.signIn('alice') })
  t.ok(screen.getByText('The rooms'))
  await act(async () => {
    parley.signOut()
    parley.tell('signedOut', { reason: 'revoked' })
    await settled()
  })
  t.ok(screen.getByText('This device was signed out from another one.'))
  t.equal(store.getState().opening, 'known')
  await act(async () => { parley.signIn('alice') })
  t.ok(screen.getByText('The rooms'))
})

t.test('a server that does not answer is named as that, with a way to try again', async (t) => {
  const { store } = show()
  await act(async () => { store.setState({ opening: 'failed', openingError: new ParleyError('client.unreachable') }) })
  t.ok(screen.getByText('The server cannot be reached.'))
  t.ok(screen.getByRole('button', { name: 'Try again' }))
})

for (const [code, offered] of [['request.forbidden', ['Join', null]], ['room.not_found', [null, 'To your rooms']]] as const) {
  t.test(`whoever follows a link to a room that answers ${code} is offered ${String(offered[0] ?? offered[1])}`, async (t) => {
    const parley = new FakeParley()
    parley.answers.getRoom = () => { throw new ParleyError(code) }
    const session = { parley: parley.asParley } as Partial<Session> as Session
    await act(async () => {
      render(<SessionContext value={session}><HashRouter><NotInRoom roomId='id-of-kitchen' /></HashRouter></SessionContext>)
      await settled()
    })
    t.same([screen.queryByRole('button', { name: 'Join' })?.textContent ?? null, screen.queryByRole('link')?.textContent ?? null], offered)
  })
}

t.test('a list is chosen from by arrows while one goes on typing', async (t) => {
  const chosen: string[] = []
  const options = ['Kitchen', 'Garden', 'Zoo'].map((key) => ({ key, content: key, onChoose: () => { chosen.push(key) } }))
  render(<ComboList label='Rooms' placeholder='' query='' onQuery={() => {}} options={options} emptyText='None' />)
  const field = screen.getByRole('combobox')
  const active = () => document.getElementById(field.getAttribute('aria-activedescendant') ?? '')?.textContent
  t.equal(active(), 'Kitchen')
  fireEvent.keyDown(field, { key: 'ArrowUp' })
  t.equal(active(), 'Zoo', 'around the end')
  fireEvent.keyDown(field, { key: 'ArrowDown' })
  fireEvent.keyDown(field, { key: 'ArrowDown' })
  fireEvent.keyDown(field, { key: 'Enter' })
  t.same(chosen, ['Garden'])
})
