import { Type, type Static } from 'typebox'
import { Attachment } from './attachment.ts'
import { limits } from './limits.ts'
import { Id, Nullable, Seq, Timestamp, Words } from './primitives.ts'

/** 1–4,000 characters after trimming. */
export const MessageText = Words(1, 4000)

/** The same, or nothing: what attachments come with needs no words. */
export const SentText = Words(0, 4000)

/** Uploads of the sender's own in this room that the message shows. */
export const AttachmentIds = Type.Array(Id, { minItems: 1, maxItems: limits.attachmentsPerMessage, uniqueItems: true })

/** One emoji, or a short name of one: 1–32 characters. */
export const Emoji = Words(1, 32)

/** Members whom a text calls by `@username`, in its order; never its author. The server finds them. */
export const Mentions = Type.Array(Id, { maxItems: limits.mentions })

export const Reaction = Type.Object({
  emoji: Type.String(),
  count: Type.Integer({ minimum: 1 }),
  /** Whether it is also mine. */
  mine: Type.Boolean()
})

/** A message as it stands now. `text` is null once it was deleted. */
export const Message = Type.Object({
  roomId: Id,
  seq: Seq,
  id: Id,
  authorId: Id,
  text: Nullable(Type.String()),
  /** The seq of the message it answers. */
  replyTo: Nullable(Seq),
  reactions: Type.Array(Reaction),
  mentions: Mentions,
  attachments: Type.Array(Attachment),
  at: Timestamp,
  editedAt: Nullable(Timestamp),
  deletedAt: Nullable(Timestamp)
})
export type Message = Static<typeof Message>
