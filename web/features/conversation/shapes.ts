import type { Message } from '../../../contract/index.ts'

export interface Attachment {
  id: string
  name: string
  type: string
  size: number
  width: number | null
  height: number | null
  hasThumbnail: boolean
}

export type ShownMessage = Message & { mentions?: readonly string[], attachments?: readonly Attachment[] }
