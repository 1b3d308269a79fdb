import { Type } from 'typebox'
import { Invitation } from '../invitation.ts'
import { limits } from '../limits.ts'
import { Exactly, Id, Nullable, Timestamp } from '../primitives.ts'
import { RoomState } from '../room.ts'
import { defineCalls } from './call.ts'

const InRoom = Exactly({ roomId: Id })
const day = 86_400

/** What the link ends with. */
const OfToken = Exactly({ token: Type.String({ minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9_-]+$' }) })

export const invitationCalls = defineCalls({
  makeInvitation: {
    method: 'POST',
    path: '/rooms/:roomId/invitations',
    summary: `Make a link into a room that is not a direct one (owner, admin); the client leads it to \`#/invitation/<token>\`. It works for seven days unless told otherwise, and while its maker may invite. The token is told this once. A room has ${limits.invitationsPerRoom} at a time.`,
    params: InRoom,
    body: Type.Optional(Nullable(Exactly({
      expiresInSeconds: Type.Optional(Type.Integer({ minimum: 60, maximum: 30 * day })),
      maxUses: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 }))
    }))),
    answers: { 201: Type.Object({ invitation: Invitation, token: Type.String() }) }
  },
  listInvitations: {
    method: 'GET',
    path: '/rooms/:roomId/invitations',
    summary: 'The links into it that have not expired, the newest first (owner, admin).',
    params: InRoom,
    answers: { 200: Type.Object({ invitations: Type.Array(Invitation) }) }
  },
  revokeInvitation: {
    method: 'DELETE',
    path: '/rooms/:roomId/invitations/:invitationId',
    summary: 'Revoke a link (owner, admin). Whoever came by it stays.',
    params: Exactly({ roomId: Id, invitationId: Id }),
    answers: { 204: Type.Null() }
  },
  getInvitation: {
    method: 'GET',
    path: '/invitations/:token',
    summary: 'Where a link leads, before one follows it.',
    params: OfToken,
    answers: {
      200: Type.Object({
        room: Type.Object({
          id: Id,
          name: Nullable(Type.String()),
          topic: Nullable(Type.String()),
          memberCount: Type.Integer()
        }),
        expiresAt: Timestamp,
        /** I am in it already: there is nothing to accept. */
        isMember: Type.Boolean()
      })
    }
  },
  acceptInvitation: {
    method: 'POST',
    path: '/invitations/:token/accept',
    summary: 'Join by a link. For whoever is in already this changes nothing, and uses nothing up.',
    params: OfToken,
    answers: { 200: RoomState }
  }
})
