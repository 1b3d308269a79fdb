import { Type } from 'typebox'
import { NodeSummary, Presence, PresenceCounts } from '../presence.ts'
import { Exactly, Id } from '../primitives.ts'
import { defineCalls } from './call.ts'

export const presenceCalls = defineCalls({
  getPresence: {
    method: 'GET',
    path: '/presence',
    summary: 'Who of these is online; at most 100, comma-separated.',
    query: Exactly({ userIds: Type.String({ maxLength: 100 * 37, pattern: '^[0-9a-fA-F,-]+$' }) }),
    answers: { 200: Type.Object({ users: Type.Array(Presence) }) }
  },
  getRoomPresence: {
    method: 'GET',
    path: '/rooms/:roomId/presence',
    summary: 'How many of a room are online, and the first hundred of them.',
    params: Exactly({ roomId: Id }),
    answers: { 200: Type.Object({ counts: PresenceCounts, users: Type.Array(Presence) }) }
  },
  listNodes: {
    method: 'GET',
    path: '/nodes',
    summary: 'The nodes of the cluster that are alive, by name; `session:ready` says on which of them a socket is.',
    answers: { 200: Type.Object({ nodes: Type.Array(NodeSummary) }) }
  }
})
