import { Type, type Static } from 'typebox'
import { Id, Nullable } from './primitives.ts'

/** A file that a message shows. */
export const Attachment = Type.Object({
  id: Id,
  name: Type.String(),
  /** The media type, as its bytes say: what its sender called it does not count. */
  type: Type.String(),
  /** In bytes. */
  size: Type.Integer({ minimum: 1 }),
  /** Of a picture, in pixels, as it is to be shown; else null. */
  width: Nullable(Type.Integer({ minimum: 1 })),
  height: Nullable(Type.Integer({ minimum: 1 })),
  /** Whether there is a smaller picture of it. */
  hasThumbnail: Type.Boolean()
})
export type Attachment = Static<typeof Attachment>
