import { Type } from 'typebox'
import { Cursor, Exactly, Id, Limit, Nullable, Words } from '../primitives.ts'
import { User } from '../user.ts'
import { defineCalls } from './call.ts'

export const userCalls = defineCalls({
  findUsers: {
    method: 'GET',
    path: '/users',
    summary: 'Find people by the beginning of their username or display name.',
    query: Exactly({ query: Type.Optional(Words(0, 64)), cursor: Type.Optional(Cursor), limit: Limit(100, 50) }),
    answers: { 200: Type.Object({ users: Type.Array(User), nextCursor: Nullable(Cursor) }) }
  },
  getOtherUser: {
    method: 'GET',
    path: '/users/:userId',
    summary: 'One person.',
    params: Exactly({ userId: Id }),
    answers: { 200: Type.Object({ user: User }) }
  }
})
