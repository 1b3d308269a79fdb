import { toParleyError, type Room } from '../../../sdk/index.ts'
import type { Attachment } from './shapes.ts'

export async function uploadTo (room: Room, file: File): Promise<Attachment> {
  const body = new FormData()
  body.append('file', file)
  const response = await fetch(`/api/rooms/${room.id}/attachments`, { method: 'POST', body })
  const answer = await response.json() as { attachment: Attachment }
  if (!response.ok) throw toParleyError(answer, response.status)
  return answer.attachment
}
