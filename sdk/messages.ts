import type { Message, RoomEvent } from '../contract/index.ts'

type EventOf<Type extends RoomEvent['type']> = Extract<RoomEvent, { type: Type }>
type AboutMessage = EventOf<'message.sent' | 'message.edited' | 'message.deleted' | 'reaction.added' | 'reaction.removed'>
type ReactionEvent = EventOf<'reaction.added' | 'reaction.removed'>

/** What events have said of one message, in whatever order they came. */
interface Facts {
  readonly sent?: EventOf<'message.sent'>
  readonly edited?: EventOf<'message.edited'>
  readonly deleted?: EventOf<'message.deleted'>
  /** The last word of each person on each emoji. */
  readonly reactions: ReadonlyMap<string, ReactionEvent>
}

/** The messages that a stretch of a room's log makes. A value: `applyEvents` makes the next one. */
export interface MessageView {
  /** Ascending by seq, as they stand now; a message that did not change is the same object as before. */
  readonly messages: readonly Message[]
  /** Whose reactions are `mine`. */
  readonly userId: string
  readonly facts: ReadonlyMap<number, Facts>
}

/** A view without messages, for this user to look at. */
export function emptyView (userId: string): MessageView {
  return { messages: [], userId, facts: new Map() }
}

/**
 * Takes events in, in any order and any number of times: a page of older ones may come after newer ones. The messages are
 * those of `GET /rooms/:roomId/messages` when the events reach from the first of them to the end of the log.
 *
 * @example
 * let view = emptyView(userId)
 * room.on('events', (events) => { view = applyEvents(view, events); render(view.messages) })
 */
export function applyEvents (view: MessageView, events: readonly RoomEvent[]): MessageView {
  const facts = new Map(view.facts)
  const touched = new Set<number>()
  for (const event of events) {
    if (!isAboutMessage(event)) continue
    const seq = event.type === 'message.sent' ? event.seq : event.data.seq
    facts.set(seq, learn(facts.get(seq) ?? { reactions: new Map() }, event))
    touched.add(seq)
  }
  if (touched.size === 0) return view
  return { ...view, facts, messages: rebuild(view, facts, touched) }
}

function isAboutMessage (event: RoomEvent): event is AboutMessage {
  return event.type.startsWith('message.') || event.type.startsWith('reaction.')
}

function learn (facts: Facts, event: AboutMessage): Facts {
  switch (event.type) {
    case 'message.sent': return { ...facts, sent: later(facts.sent, event) }
    case 'message.edited': return { ...facts, edited: later(facts.edited, event) }
    case 'message.deleted': return { ...facts, deleted: event }
    default: {
      const key = `${event.actorId} ${event.data.emoji}`
      return { ...facts, reactions: new Map(facts.reactions).set(key, later(facts.reactions.get(key), event)) }
    }
  }
}

/** Of two with the same seq the newer copy counts: what it does not say any more has been taken back. */
function later<T extends RoomEvent> (known: T | undefined, event: T): T {
  return known && known.seq > event.seq ? known : event
}

function rebuild ({ messages, userId }: MessageView, facts: ReadonlyMap<number, Facts>, touched: ReadonlySet<number>): Message[] {
  const made = [...touched].flatMap((seq) => toMessage(facts.get(seq), userId) ?? [])
  const kept = messages.filter(({ seq }) => !touched.has(seq))
  const isAppended = (made[0]?.seq ?? 0) > (kept.at(-1)?.seq ?? 0)
  const all = [...kept, ...made]
  return isAppended && made.length === 1 ? all : all.sort((a, b) => a.seq - b.seq)
}

function toMessage (facts: Facts | undefined, userId: string): Message | undefined {
  if (!facts?.sent) return undefined
  const { sent, edited, deleted } = facts
  const { text, mentions = [] } = edited ? edited.data : sent.data
  return {
    roomId: sent.roomId,
    seq: sent.seq,
    id: sent.id,
    authorId: sent.actorId,
    text: deleted ? null : text,
    replyTo: sent.data.replyTo ?? null,
    reactions: deleted ? [] : toReactions(facts.reactions, userId),
    mentions: deleted ? [] : mentions,
    attachments: deleted ? [] : sent.data.attachments ?? [],
    at: sent.at,
    editedAt: edited?.at ?? null,
    deletedAt: deleted?.at ?? null
  }
}

/** By emoji, in the order in which the first of those that stand was added. */
function toReactions (reactions: Facts['reactions'], userId: string): Message['reactions'] {
  const byEmoji = new Map<string, { emoji: string, count: number, mine: boolean }>()
  const standing = [...reactions.values()].filter(({ type }) => type === 'reaction.added').sort((a, b) => a.seq - b.seq)
  for (const { actorId, data: { emoji } } of standing) {
    const { count, mine } = byEmoji.get(emoji) ?? { count: 0, mine: false }
    byEmoji.set(emoji, { emoji, count: count + 1, mine: mine || actorId === userId })
  }
  return [...byEmoji.values()]
}
