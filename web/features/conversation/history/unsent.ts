import type { Message } from '../../../../contract/index.ts'
import type { ParleyError, Pending } from '../../../../sdk/index.ts'

/** A message of mine that does not stand in the log yet. */
export interface UnsentMessage {
  readonly id: string
  readonly text: string
  readonly replyTo: number | undefined
  readonly attachmentIds: readonly string[]
  readonly at: string
  readonly state: Pending['state']
  readonly error: ParleyError | undefined
}

export function unsentOf (pending: readonly Pending[]): UnsentMessage[] {
  return pending.flatMap((one) => {
    if (one.command !== 'message:send') return []
    const { text, replyTo, attachmentIds = [] } = one.payload
    return [{ id: one.id, text, replyTo, attachmentIds, at: one.at, state: one.state, error: one.error }]
  })
}

/** Messages as they will be once what I have asked for is done: nobody waits for their own edit or reaction. */
export function foresee (messages: readonly Message[], pending: readonly Pending[]): readonly Message[] {
  const asked = pending.filter(({ command, state }) => command !== 'message:send' && state !== 'failed')
  if (asked.length === 0) return messages
  return messages.map((message) => asked.reduce((before, one) => before.seq === seqOf(one) ? foreseeOne(before, one) : before, message))
}

function seqOf ({ payload }: Pending): number | undefined {
  return 'seq' in payload ? payload.seq : undefined
}

function foreseeOne (message: Message, one: Pending): Message {
  switch (one.command) {
    case 'message:edit': return { ...message, text: one.payload.text.trim(), editedAt: one.at }
    case 'message:delete': return { ...message, text: null, deletedAt: one.at, reactions: [], mentions: [], attachments: [] }
    case 'reaction:add': return { ...message, reactions: addReaction(message.reactions, one.payload.emoji) }
    case 'reaction:remove': return { ...message, reactions: removeReaction(message.reactions, one.payload.emoji) }
    default: return message
  }
}

type Reactions = Message['reactions']

function addReaction (reactions: Reactions, emoji: string): Reactions {
  const known = reactions.find((one) => one.emoji === emoji)
  if (!known) return [...reactions, { emoji, count: 1, mine: true }]
  return reactions.map((one) => one === known && !one.mine ? { ...one, count: one.count + 1, mine: true } : one)
}

function removeReaction (reactions: Reactions, emoji: string): Reactions {
  return reactions.flatMap((one) => {
    if (one.emoji !== emoji || !one.mine) return [one]
    return one.count === 1 ? [] : [{ ...one, count: one.count - 1, mine: false }]
  })
}
