import type { Attachment } from './shapes.ts'

/** Where its bytes are, for members of its room. */
export function attachmentUrl (roomId: string, { id }: Pick<Attachment, 'id'>, { thumbnail = false } = {}): string {
  return `/api/rooms/${roomId}/attachments/${id}${thumbnail ? '/thumbnail' : ''}`
}
