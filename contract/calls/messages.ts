import { Type } from 'typebox'
import { RoomEvent } from '../event.ts'
import { limits } from '../limits.ts'
import { AttachmentIds, Message, MessageText, SentText } from '../message.ts'
import { Exactly, Id, Limit, Seq, SeqOrZero } from '../primitives.ts'
import { defineCalls } from './call.ts'

const InRoom = Exactly({ roomId: Id })
const OfMessage = Exactly({ roomId: Id, seq: Seq })
const JustMessage = Type.Object({ message: Message })
const Changed = Type.Object({ event: RoomEvent, message: Message })

export const messageCalls = defineCalls({
  listMessages: {
    method: 'GET',
    path: '/rooms/:roomId/messages',
    summary: 'Messages by seq, ascending: the last ones, those before a seq, or those after one.',
    params: InRoom,
    query: Exactly({
      before: Type.Optional(Seq),
      after: Type.Optional(SeqOrZero),
      limit: Limit(limits.messagesPerPage, 50)
    }),
    answers: { 200: Type.Object({ messages: Type.Array(Message), hasMore: Type.Boolean() }) }
  },
  sendMessage: {
    method: 'POST',
    path: '/rooms/:roomId/messages',
    summary: 'Send a message, of words, attachments, or both; 200 for an id that was sent before.',
    params: InRoom,
    body: Exactly({ id: Id, text: SentText, replyTo: Type.Optional(Seq), attachmentIds: Type.Optional(AttachmentIds) }),
    answers: { 200: JustMessage, 201: JustMessage }
  },
  editMessage: {
    method: 'PATCH',
    path: '/rooms/:roomId/messages/:seq',
    summary: 'Replace the text (author).',
    params: OfMessage,
    body: Exactly({ id: Id, text: MessageText }),
    answers: { 200: Changed }
  },
  deleteMessage: {
    method: 'DELETE',
    path: '/rooms/:roomId/messages/:seq',
    summary: 'Delete it; it stands with text null (author, owner, admin).',
    params: OfMessage,
    body: Exactly({ id: Id }),
    answers: { 200: Changed }
  }
})
