import { Type } from 'typebox'
import { Exactly, Id, Nullable } from '../primitives.ts'
import { Session } from '../session.ts'
import { Account, DisplayName, Email, Password, Username } from '../user.ts'
import { defineCalls } from './call.ts'

const SignedIn = Type.Object({ user: Account, session: Session })
const JustUser = Type.Object({ user: Account })

export const authCalls = defineCalls({
  register: {
    method: 'POST',
    path: '/auth/register',
    summary: 'Make an account. Does not sign in.',
    open: true,
    rate: 'registrations',
    body: Exactly({
      username: Username,
      password: Password,
      displayName: Type.Optional(DisplayName),
      email: Type.Optional(Email)
    }),
    answers: { 201: JustUser }
  },
  login: {
    method: 'POST',
    path: '/auth/login',
    summary: 'Sign in: sets the cookie `sid`, with a new session id at every login.',
    open: true,
    body: Exactly({ username: Type.String({ maxLength: 256, wellFormed: true }), password: Type.String({ maxLength: 256, wellFormed: true }) }),
    answers: { 200: SignedIn }
  },
  logout: {
    method: 'POST',
    path: '/auth/logout',
    summary: 'End this session and every socket of it, on every node.',
    answers: { 204: Type.Null() }
  },
  getUser: {
    method: 'GET',
    path: '/auth/user',
    summary: 'Who I am, and the session that says so.',
    answers: { 200: SignedIn }
  },
  changeUser: {
    method: 'PATCH',
    path: '/auth/user',
    summary: 'Change my name, email or password. A new password needs the current one and ends every other session; a new email needs it too, unless I have signed in within ten minutes, and is yet to be verified.',
    body: Exactly({
      displayName: Type.Optional(DisplayName),
      email: Type.Optional(Nullable(Email)),
      password: Type.Optional(Password),
      currentPassword: Type.Optional(Type.String({ maxLength: 256, wellFormed: true }))
    }),
    answers: { 200: JustUser }
  },
  listSessions: {
    method: 'GET',
    path: '/auth/sessions',
    summary: 'My devices.',
    answers: { 200: Type.Object({ sessions: Type.Array(Session) }) }
  },
  endSession: {
    method: 'DELETE',
    path: '/auth/sessions/:sessionId',
    summary: 'Sign one device out.',
    params: Exactly({ sessionId: Id }),
    answers: { 204: Type.Null() }
  },
  endOtherSessions: {
    method: 'DELETE',
    path: '/auth/sessions',
    summary: 'Sign all my other devices out.',
    answers: { 204: Type.Null() }
  }
})
