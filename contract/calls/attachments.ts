import { Type } from 'typebox'
import { Attachment } from '../attachment.ts'
import { Exactly, Id } from '../primitives.ts'
import { defineCalls } from './call.ts'

const OfAttachment = Exactly({ roomId: Id, attachmentId: Id })
const Bytes = Type.Unsafe<unknown>(Type.String({ format: 'binary' }))

export const attachmentCalls = defineCalls({
  uploadAttachment: {
    method: 'POST',
    path: '/rooms/:roomId/attachments',
    summary: 'Upload a file, to be shown by a message that is sent within a day (members who may speak). Pictures (PNG, JPEG, GIF, WebP, AVIF), PDF, ZIP, MP4, WebM, MP3, Ogg, WAV, and text in UTF-8; what it is, its bytes say.',
    upload: true,
    params: Exactly({ roomId: Id }),
    answers: { 201: Type.Object({ attachment: Attachment }) }
  },
  getAttachment: {
    method: 'GET',
    path: '/rooms/:roomId/attachments/:attachmentId',
    summary: 'The file, as long as a message shows it (members); before that, for its uploader. 304 when `If-None-Match` names it.',
    download: true,
    params: OfAttachment,
    answers: { 200: Bytes }
  },
  getThumbnail: {
    method: 'GET',
    path: '/rooms/:roomId/attachments/:attachmentId/thumbnail',
    summary: 'The smaller picture of one that `hasThumbnail`: WebP, at most 640 pixels wide and high.',
    download: true,
    params: OfAttachment,
    answers: { 200: Bytes }
  }
})
