import { Type } from 'typebox'
import { limits } from '../limits.ts'
import { Message } from '../message.ts'
import { Cursor, Exactly, Id, Limit, Nullable, Seq, Words } from '../primitives.ts'
import { defineCalls } from './call.ts'

/** All of its words must occur, as they are written; the last one may be the beginning of a word. */
const SearchWords = Words(1, 200)
const perPage = Limit(limits.messagesPerPage, 20)

const Found = Type.Object({
  results: Type.Array(Type.Object({ message: Message, roomId: Id })),
  /** Where the next page begins; null at the end. */
  cursor: Nullable(Cursor)
})

export const searchCalls = defineCalls({
  searchRoom: {
    method: 'GET',
    path: '/rooms/:roomId/search',
    summary: 'Messages of a room with all these words, the newest first; the last word may be the beginning of one. `before` takes the `cursor` of the page before.',
    params: Exactly({ roomId: Id }),
    query: Exactly({ query: SearchWords, before: Type.Optional(Seq), limit: perPage }),
    answers: { 200: Found }
  },
  searchMessages: {
    method: 'GET',
    path: '/search',
    summary: 'The same in all my rooms.',
    query: Exactly({ query: SearchWords, cursor: Type.Optional(Cursor), limit: perPage }),
    answers: { 200: Found }
  }
})
