import { ContractError, errorKinds, invalidField, type Attachment, type Message, type RoomEvent, type RoomEventType } from '../contract/index.ts'
import type { Sql } from '../db/client.ts'
import type { Appended } from '../db/queries/append-event.ts'
import type { NewMessage } from '../db/queries/new-message.ts'
import {
  appendDeletion, appendEdit, appendReaction, appendReactionRemoval, type MessageEvent, type SeenMessage
} from '../db/queries/append-to-message.ts'
import { readMessages, readMessageStanding, type MessageStanding } from '../db/queries/messages.ts'
import { readEvents } from '../db/queries/read-events.ts'
import { toTimestamp } from '../db/rows.ts'
import { mutedRefusal, refusalOf, requireMember } from './access.ts'
import type { Actor } from './actor.ts'
import type { Attachments } from './attachments.ts'
import type { Log, Sent } from './log.ts'
import { createMentions, findCalls, type Call } from './mentions.ts'
import { requirePermission } from './permissions.ts'
import { untilSettled } from './retry.ts'

export interface MessageCommand {
  roomId: string
  /** Names the command for retries. */
  id: string
  /** Of the message it is about. */
  seq: number
}

type Present = MessageStanding & { actorRole: NonNullable<MessageStanding['actorRole']> }

interface Change {
  type: RoomEventType
  emoji?: string
  /** What the event's data says beside the message's seq. */
  says: object
  /** Whether it takes the right to speak. */
  isSpeaking?: true
  /** Throws when it may not be; false when there is nothing to do. */
  check: (standing: Present, actor: Actor) => boolean
  append: (event: MessageEvent, seen: SeenMessage) => Promise<Appended | undefined>
}

interface MessagesDeps {
  sql: Sql
  log: Log
  attachments: Attachments
}

interface NewCommand {
  roomId: string
  id: string
  text: string
  replyTo?: number
  attachmentIds?: string[]
}

/** Everything about messages. Commands take their place in the room's turn before the first wait. */
export function createMessages ({ sql, log, attachments }: MessagesDeps) {
  const mentions = createMentions({ sql })

  async function readMessage (actor: Actor, roomId: string, seq: number): Promise<Message> {
    const [message] = await readMessages(sql, roomId, actor.userId, { after: seq - 1, limit: 1 })
    if (message?.seq !== seq) throw new ContractError('message.not_found')
    return message
  }

  async function readEvent (roomId: string, seq: number): Promise<RoomEvent> {
    const [event] = await readEvents(sql, roomId, seq - 1, 1)
    if (event?.seq !== seq) throw new ContractError('room.not_found')
    return event
  }

  /** Whom the text mentions, and what it comes with. */
  async function addExtras (message: NewMessage, calls: Call[], attachmentIds: string[]): Promise<NewMessage> {
    const userIds = await mentions.find(message.roomId, message.actorId, calls)
    const files = attachmentIds.length === 0 ? [] : await claim(message, attachmentIds)
    if (userIds.length + files.length === 0) return message
    return { ...message, data: { ...(userIds.length > 0 && { mentions: userIds }), ...(files.length > 0 && { attachments: files }) } }
  }

  /** None for an id that is taken already: whoever appends will find that. */
  async function claim ({ roomId, id, actorId }: NewMessage, attachmentIds: string[]): Promise<Attachment[]> {
    const claimed = await attachments.claim({ roomId, messageId: id, uploaderId: actorId, attachmentIds })
    if (claimed) return claimed
    const standing = await readMessageStanding(sql, { roomId, seq: 0, id, actorId })
    if (!standing?.actorRole) throw refusalOf(standing?.kind)
    if (standing.priorSeq !== null) return []
    if (standing.isArchived) throw new ContractError('room.archived')
    if (standing.mutedUntilMs !== null) throw mutedRefusal(standing.mutedUntilMs)
    throw new ContractError('attachment.not_found')
  }

  /** What is refused for good shows nothing: its uploads are free again. */
  async function sendWithExtras (message: NewMessage, calls: Call[], attachmentIds: string[]): Promise<Sent> {
    try {
      return await log.sendWith(message.roomId, () => addExtras(message, calls, attachmentIds))
    } catch (error) {
      const isRefused = error instanceof ContractError && !errorKinds[error.code].retryable
      if (isRefused && attachmentIds.length > 0) {
        await attachments.release({ roomId: message.roomId, messageId: message.id, uploaderId: message.actorId })
      }
      throw error
    }
  }

  /** Undefined when things had changed between looking and appending. */
  async function tryChange (actor: Actor, command: MessageCommand, change: Change): Promise<{ event: RoomEvent | null } | undefined> {
    const { roomId, id, seq } = command
    const { type, emoji } = change
    const standing = await readMessageStanding(sql, { roomId, seq, id, actorId: actor.userId, ...(emoji && { emoji }) })
    if (!standing?.actorRole) throw refusalOf(standing?.kind)
    if (standing.priorSeq !== null) {
      if (standing.priorActorId !== actor.userId || standing.priorType !== type) throw new ContractError('request.id_taken')
      return { event: await readEvent(roomId, standing.priorSeq) }
    }
    if (standing.isArchived) throw new ContractError('room.archived')
    if (change.isSpeaking && standing.mutedUntilMs !== null) throw mutedRefusal(standing.mutedUntilMs)
    if (standing.authorId === null) throw new ContractError('message.not_found')
    const { actorRole } = standing
    if (!change.check({ ...standing, actorRole }, actor)) {
      return { event: standing.reactionSeq === null ? null : await readEvent(roomId, standing.reactionSeq) }
    }

    const data = emoji === undefined ? undefined : { emoji }
    const appended = await change.append({
      roomId, id, type, actorId: actor.userId, actorRole, targetSeq: seq, ...(data && { data })
    }, { editSeq: standing.editSeq, mentions: standing.mentions ?? [] })
    if (!appended) return undefined
    const event = {
      roomId, seq: appended.seq, id, type, actorId: actor.userId, at: toTimestamp(appended.atMs), data: { seq, ...change.says }
    } as RoomEvent
    log.committed({ roomId, epoch: appended.epoch, events: [event] })
    return { event }
  }

  function change (actor: Actor, command: MessageCommand, what: Change | (() => Promise<Change>)): Promise<{ event: RoomEvent | null }> {
    return log.inTurn(command.roomId, () => untilSettled(async () => {
      return await tryChange(actor, command, typeof what === 'function' ? await what() : what)
    }))
  }

  return {
    /** Sends a message; a repeated id gives the message that it named first. */
    async send (actor: Actor, { roomId, id, text, replyTo, attachmentIds = [] }: NewCommand): Promise<{ message: Message, isRepeat: boolean }> {
      if (text === '' && attachmentIds.length === 0) throw invalidField('/text', 'must not be empty without attachments')
      const message = { roomId, id, text, replyTo, actorId: actor.userId }
      const calls = findCalls(text)
      const sent = await (calls.length + attachmentIds.length === 0 ? log.send(message) : sendWithExtras(message, calls, attachmentIds))
      if ('message' in sent) return { message: sent.message, isRepeat: false }
      return { message: await readMessage(actor, roomId, sent.priorSeq), isRepeat: true }
    },

    async edit (actor: Actor, { text, ...command }: MessageCommand & { text: string }): Promise<{ event: RoomEvent }> {
      return await change(actor, command, async () => {
        const userIds = await mentions.find(command.roomId, actor.userId, findCalls(text))
        return {
          type: 'message.edited',
          says: { text, ...(userIds.length > 0 && { mentions: userIds }) },
          isSpeaking: true,
          check: ({ authorId, isDeleted }) => {
            if (authorId !== actor.userId) throw new ContractError('request.forbidden', { message: 'Only its author may edit a message.' })
            return isPresent(isDeleted)
          },
          append: (event, seen) => appendEdit(sql, event, { text, mentions: userIds }, seen)
        }
      }) as { event: RoomEvent }
    },

    async delete (actor: Actor, command: MessageCommand): Promise<{ event: RoomEvent }> {
      return await change(actor, command, {
        type: 'message.deleted',
        says: {},
        check: ({ authorId, actorRole, isDeleted }) => {
          if (authorId !== actor.userId) requirePermission(actorRole, 'deleteMessage')
          return isPresent(isDeleted)
        },
        append: (event, seen) => appendDeletion(sql, event, seen)
      }) as { event: RoomEvent }
    },

    /** A reaction that stands already makes no event: the answer is the one that added it. */
    addReaction (actor: Actor, { emoji, ...command }: MessageCommand & { emoji: string }): Promise<{ event: RoomEvent | null }> {
      return change(actor, command, {
        type: 'reaction.added',
        emoji,
        says: { emoji },
        isSpeaking: true,
        check: ({ isDeleted, reactionSeq }) => isPresent(isDeleted) && reactionSeq === null,
        append: (event) => appendReaction(sql, event, emoji)
      })
    },

    /** A reaction that does not stand makes no event: the answer's is null. */
    removeReaction (actor: Actor, { emoji, ...command }: MessageCommand & { emoji: string }): Promise<{ event: RoomEvent | null }> {
      return change(actor, command, {
        type: 'reaction.removed',
        emoji,
        says: { emoji },
        check: ({ isDeleted, reactionSeq }) => isPresent(isDeleted) && reactionSeq !== null,
        append: (event) => appendReactionRemoval(sql, event, emoji)
      })
    },

    readMessage,

    /** A page of messages as they stand now, ascending: the last ones, those before a seq, or those after one. */
    async list (actor: Actor, roomId: string, page: { before?: number, after?: number, limit: number }): Promise<{ messages: Message[], hasMore: boolean }> {
      await requireMember(sql, roomId, actor.userId)
      const messages = await readMessages(sql, roomId, actor.userId, { ...page, limit: page.limit + 1 })
      const hasMore = messages.length > page.limit
      if (hasMore) messages.splice(page.after === undefined ? 0 : -1, 1)
      return { messages, hasMore }
    }
  }
}

export type Messages = ReturnType<typeof createMessages>

function isPresent (isDeleted: boolean): true {
  if (isDeleted) throw new ContractError('message.deleted')
  return true
}
