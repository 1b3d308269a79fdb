import type { CommandName } from '../../../contract/index.ts'
import type { Rest } from '../../../sdk/rest.ts'
import type { CommandKind, CommandRecord } from '../history.ts'

const names: Record<CommandKind, CommandName> = {
  send: 'message:send',
  edit: 'message:edit',
  delete: 'message:delete',
  react: 'reaction:add',
  unreact: 'reaction:remove'
}

/** Every reaction is this one: what matters is whose it is and where. */
export const emoji = '👍'

/** Reactions go by socket only. */
export function canGoByRest ({ kind }: CommandRecord): boolean {
  return kind !== 'react' && kind !== 'unreact'
}

export function toSocketCommand ({ kind, roomId, id, text, targetSeq }: CommandRecord): [name: CommandName, payload: object] {
  const reaction = kind === 'react' || kind === 'unreact'
  return [names[kind], {
    roomId, id, ...(text !== undefined && { text }), ...(targetSeq !== undefined && { seq: targetSeq }), ...(reaction && { emoji })
  }]
}

/** What an ack says that matters here. */
export interface Answer {
  seq: number | null
  text?: string | null
}

/** Reads the data of an ack, of either command. */
export function toAnswer (data: { message?: { seq: number, text: string | null }, event?: { seq: number } | null }): Answer {
  if (data.message) return { seq: data.message.seq, text: data.message.text }
  return { seq: data.event?.seq ?? null }
}

export async function askByRest (rest: Rest, { kind, roomId, id, text = '', targetSeq: seq = 0 }: CommandRecord): Promise<Answer> {
  switch (kind) {
    case 'send': return toAnswer(await rest('sendMessage', { params: { roomId }, body: { id, text } }))
    case 'edit': return { seq: (await rest('editMessage', { params: { roomId, seq }, body: { id, text } })).event.seq }
    case 'delete': return { seq: (await rest('deleteMessage', { params: { roomId, seq }, body: { id } })).event.seq }
    default: throw new Error(`There is no REST call for ${kind}.`)
  }
}
