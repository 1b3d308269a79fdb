import { Type } from 'typebox'
import { EventPage } from '../event.ts'
import { limits } from '../limits.ts'
import { Cursor, Exactly, Id, Limit, Nullable, SeqOrZero, Words } from '../primitives.ts'
import { Member, Role, Room, RoomName, RoomState, Topic } from '../room.ts'
import { defineCalls } from './call.ts'

const InRoom = Exactly({ roomId: Id })
const OfMember = Exactly({ roomId: Id, userId: Id })
const JustRoom = Type.Object({ room: Room })

export const roomCalls = defineCalls({
  makeRoom: {
    method: 'POST',
    path: '/rooms',
    summary: 'Make a room; its maker is its owner.',
    body: Exactly({ name: RoomName, kind: Type.Enum(['public', 'private']), topic: Type.Optional(Topic) }),
    answers: { 201: JustRoom }
  },
  listRooms: {
    method: 'GET',
    path: '/rooms',
    summary: 'My rooms, and where I stand in each.',
    query: Exactly({ cursor: Type.Optional(Cursor), limit: Limit(500, 100) }),
    answers: {
      200: Type.Object({
        rooms: Type.Array(Type.Object({ id: Id, ...RoomState.properties })),
        nextCursor: Nullable(Cursor)
      })
    }
  },
  listDirectory: {
    method: 'GET',
    path: '/rooms/directory',
    summary: 'Public rooms to join, by name; none that are archived.',
    query: Exactly({ query: Type.Optional(Words(0, 80)), cursor: Type.Optional(Cursor), limit: Limit(100, 50) }),
    answers: { 200: Type.Object({ rooms: Type.Array(Room), nextCursor: Nullable(Cursor) }) }
  },
  openDirectRoom: {
    method: 'POST',
    path: '/rooms/direct',
    summary: 'The one direct room of the two of us, made when there is none yet (201).',
    body: Exactly({ userId: Id }),
    answers: { 200: JustRoom, 201: JustRoom }
  },
  getRoom: {
    method: 'GET',
    path: '/rooms/:roomId',
    summary: 'One room.',
    params: InRoom,
    answers: { 200: JustRoom }
  },
  changeRoom: {
    method: 'PATCH',
    path: '/rooms/:roomId',
    summary: 'Rename it, change its topic, archive it or open it again (owner, admin).',
    params: InRoom,
    body: Exactly({ name: Type.Optional(RoomName), topic: Type.Optional(Topic), archived: Type.Optional(Type.Boolean()) }),
    answers: { 200: JustRoom }
  },
  deleteRoom: {
    method: 'DELETE',
    path: '/rooms/:roomId',
    summary: 'Delete it with its log (owner): `room:left` to all.',
    params: InRoom,
    answers: { 204: Type.Null() }
  },
  listMembers: {
    method: 'GET',
    path: '/rooms/:roomId/members',
    summary: 'Its members, with their roles.',
    params: InRoom,
    query: Exactly({ cursor: Type.Optional(Cursor), limit: Limit(500, 100) }),
    answers: { 200: Type.Object({ members: Type.Array(Member), nextCursor: Nullable(Cursor) }) }
  },
  putMember: {
    method: 'PUT',
    path: '/rooms/:roomId/members/:userId',
    summary: 'Join (me, a public room), add somebody, or change a role (owner, admin).',
    params: OfMember,
    body: Type.Optional(Nullable(Exactly({ role: Type.Optional(Role) }))),
    answers: { 200: Type.Object({ member: Member }) }
  },
  removeMember: {
    method: 'DELETE',
    path: '/rooms/:roomId/members/:userId',
    summary: 'Leave (me) or remove somebody (owner, admin).',
    params: OfMember,
    answers: { 204: Type.Null() }
  },
  readEvents: {
    method: 'GET',
    path: '/rooms/:roomId/events',
    summary: 'The room\'s log after a seq, ascending.',
    params: InRoom,
    query: Exactly({ after: Type.Optional(Type.Integer({ ...SeqOrZero, default: 0 })), limit: Limit(limits.eventsPerPage, 100) }),
    answers: { 200: EventPage }
  },
  markRead: {
    method: 'PUT',
    path: '/rooms/:roomId/read',
    summary: 'I have read up to this seq. Never goes back, never past the end.',
    params: InRoom,
    body: Exactly({ seq: SeqOrZero }),
    answers: { 200: Type.Object({ readSeq: SeqOrZero }) }
  }
})
