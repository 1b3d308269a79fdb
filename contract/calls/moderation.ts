import { Type } from 'typebox'
import { Cursor, Exactly, Id, Limit, Nullable, Timestamp, Words } from '../primitives.ts'
import { Ban, Member } from '../room.ts'
import { defineCalls } from './call.ts'

const InRoom = Exactly({ roomId: Id })
const OfUser = Exactly({ roomId: Id, userId: Id })
const JustMember = Type.Object({ member: Member })

export const moderationCalls = defineCalls({
  listBans: {
    method: 'GET',
    path: '/rooms/:roomId/bans',
    summary: 'Who is banned from it (owner, admin).',
    params: InRoom,
    query: Exactly({ cursor: Type.Optional(Cursor), limit: Limit(500, 100) }),
    answers: { 200: Type.Object({ bans: Type.Array(Ban), nextCursor: Nullable(Cursor) }) }
  },
  banUser: {
    method: 'PUT',
    path: '/rooms/:roomId/bans/:userId',
    summary: 'Ban somebody, member or not: a member is removed, and nobody brings them in until it is lifted (owner, admin). A ban that stands keeps who and when, and takes a new reason.',
    params: OfUser,
    body: Type.Optional(Nullable(Exactly({ reason: Type.Optional(Words(1, 250)) }))),
    answers: { 200: Type.Object({ ban: Ban }) }
  },
  liftBan: {
    method: 'DELETE',
    path: '/rooms/:roomId/bans/:userId',
    summary: 'Lift a ban, if there is one (owner, admin).',
    params: OfUser,
    answers: { 204: Type.Null() }
  },
  muteMember: {
    method: 'PUT',
    path: '/rooms/:roomId/mutes/:userId',
    summary: 'Mute a member, for some time or until it is lifted: they read, and send, edit, react and type nothing (owner, admin). It outlives leaving.',
    params: OfUser,
    body: Type.Optional(Nullable(Exactly({ until: Type.Optional(Timestamp) }))),
    answers: { 200: JustMember }
  },
  liftMute: {
    method: 'DELETE',
    path: '/rooms/:roomId/mutes/:userId',
    summary: 'Let a member speak again (owner, admin).',
    params: OfUser,
    answers: { 200: JustMember }
  }
})
