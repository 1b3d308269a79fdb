import type { Attachment, Invitation, Message, Room as RoomDetails, RoomEvent } from '../contract/index.ts'
import type { Connection } from './connection.ts'
import type { Listener, Stop } from './emitter.ts'
import { ParleyError } from './errors.ts'
import { makeId } from './ids.ts'
import type { Outbox } from './outbox/outbox.ts'
import type { Pending } from './outbox/pending.ts'
import { quietly } from './quietly.ts'
import type { ReadMarks } from './read-marks.ts'
import { urlOf, type CallAnswer, type CallInput, type Rest } from './rest.ts'
import type { RoomEvents, RoomModel } from './room-model.ts'
import { sameIfEqual } from './same.ts'
import { TypingSignal } from './typing.ts'

/** What a room needs of its client. */
export interface RoomTools {
  /** The server's. */
  url: string
  rest: Rest
  connection: Connection
  readMarks: ReadMarks
  /** Of whoever is signed in; throws when nobody is. */
  outbox: () => Outbox
  /** The same without being an error. */
  pendingOf: (roomId: string) => readonly Pending[]
}

export interface SendOptions {
  /** The seq of the message that this one answers. */
  replyTo?: number
  /** A UUID that names the message; made here unless given. The same id again is the same message, not a second one. */
  id?: string
  /** Uploads of mine in this room, which the message shows: 1–10. With them the text may be empty. */
  attachmentIds?: string[]
}

/** A page of what a search found. */
export interface SearchPage {
  before?: number
  /** 20 unless given, 100 at most. */
  limit?: number
}

/**
 * A room: its log as it happens, and what one does in it. There is one object for each room and client, however often one
 * leaves and comes back.
 *
 * Messages, edits, deletions and reactions are kept in order and repeated until the server has acked or refused them, over
 * reconnects (and reloads, with a `storage`). Their promises wait as long; the same can be looked at in `pending`.
 *
 * @example
 * room.on('events', (events) => { for (const event of events) console.log(event.seq, event.type) })
 * const message = await room.send('Hello')
 * await room.react(message.seq, '👋')
 */
export class Room {
  readonly #model: RoomModel
  readonly #tools: RoomTools
  readonly #typing: TypingSignal
  #pending: readonly Pending[] = []

  /** Made by the client: `parley.rooms.get(roomId)`. */
  constructor (model: RoomModel, tools: RoomTools) {
    this.#model = model
    this.#tools = tools
    this.#typing = new TypingSignal((isTyping) => {
      // Worth something now or not at all.
      tools.connection.ready?.ask(isTyping ? 'typing:start' : 'typing:stop', { roomId: model.roomId }).catch(() => {})
    })
  }

  get id (): string { return this.#model.roomId }
  /** Name, topic, kind and so on; undefined before the server has told of it. All that can change follows the log. */
  get details (): RoomDetails | undefined { return this.#model.details }
  /** Whether I am in it, as far as is known. */
  get isJoined (): boolean { return this.#model.isJoined }
  /** The last event that `events` has given; undefined before it is known where the log begins for this client. */
  get seq (): number | undefined { return this.#model.log.seq }
  /** The last event that is known to exist: beyond `seq` while catching up. */
  get lastSeq (): number { return Math.max(this.#model.log.known, this.#model.log.seq ?? 0) }
  /** Names the log's life. With `seq` it is the place to keep for `startAt`. */
  get epoch (): string | undefined { return this.#model.log.epoch }
  /** How far I have read, on any device. */
  get readSeq (): number { return this.#model.reading.readSeq }
  /** Messages of others after `readSeq`. */
  get unread (): number { return this.#model.reading.unread }
  /** Of them, those that mention me. */
  get unreadMentions (): number { return this.#model.reading.unreadMentions }
  /** My commands that do not stand in the log yet, in order; a new array at every change. */
  get pending (): readonly Pending[] { return (this.#pending = sameIfEqual(this.#pending, this.#tools.pendingOf(this.id))) }
  /** Who is typing now, myself not among them. */
  get typing (): ReadonlySet<string> { return this.#model.typers.userIds }

  /** Listens to one kind of event of this room; see `RoomEvents`. */
  on<Name extends keyof RoomEvents> (name: Name, listener: Listener<RoomEvents[Name]>): Stop {
    return this.#model.emitter.on(name, listener)
  }

  /**
   * Sends a message: 1–4,000 characters after trimming. Resolves once Postgres has it.
   *
   * @throws ParleyError what the server refused for good with, such as `room.not_found` or `request.invalid`;
   * `client.signed_out`, `client.closed`, `client.discarded`. A connection that breaks is no failure.
   */
  send (text: string, { replyTo, id = makeId(), attachmentIds }: SendOptions = {}): Promise<Message> {
    this.#typing.sent()
    const payload = { roomId: this.id, id, text, ...(replyTo !== undefined && { replyTo }), ...(attachmentIds && { attachmentIds }) }
    return quietly(async () => (await this.#tools.outbox().add('message:send', payload)).message)
  }

  /** Replaces the text of one's own message. @throws ParleyError as `send`; `message.not_found`, `message.deleted`, `request.forbidden`. */
  edit (seq: number, text: string): Promise<RoomEvent> {
    return quietly(async () => (await this.#tools.outbox().add('message:edit', { ...this.#about(seq), text })).event)
  }

  /** Deletes a message. @throws ParleyError as `edit`. */
  delete (seq: number): Promise<RoomEvent> {
    return quietly(async () => (await this.#tools.outbox().add('message:delete', this.#about(seq))).event)
  }

  /** Adds a reaction; resolves with the event that added it, be it an earlier one. @throws ParleyError as `edit`. */
  react (seq: number, emoji: string): Promise<RoomEvent | null> {
    return quietly(async () => (await this.#tools.outbox().add('reaction:add', { ...this.#about(seq), emoji })).event)
  }

  /** Takes a reaction back; resolves with null when there was none. @throws ParleyError as `edit`. */
  unreact (seq: number, emoji: string): Promise<RoomEvent | null> {
    return quietly(async () => (await this.#tools.outbox().add('reaction:remove', { ...this.#about(seq), emoji })).event)
  }

  /** Sends a failed command again, with the same id. */
  retry (id: string): void {
    this.#tools.outbox().retry(this.id, id)
  }

  /** Forgets a pending or failed command. One that is on its way may still arrive. */
  discard (id: string): void {
    this.#tools.outbox().discard(this.id, id)
  }

  /** I have read up to this seq; to the end of what was given unless told otherwise. Never goes back. */
  markRead (seq = this.seq ?? 0): void {
    const mark = Math.min(seq, this.lastSeq)
    if (mark > 0) this.#tools.readMarks.mark(this.#model, mark)
  }

  /** I am typing: to be called at every keystroke, and told to the others every three seconds. Sending ends it. */
  startTyping (): void {
    this.#typing.start()
  }

  stopTyping (): void {
    this.#typing.stop()
  }

  /**
   * A page of the log before a seq (the first one that one has), ascending: at most `limit` events, 100 unless given and
   * 500 at most. Empty at the beginning of the log.
   *
   * @throws ParleyError `client.unreachable`, or what the server said.
   */
  async loadBefore (seq: number, limit = 100): Promise<RoomEvent[]> {
    const after = Math.max(0, seq - 1 - limit)
    if (seq <= 1) return []
    const { events, epoch } = await this.#tools.rest('readEvents', { params: { roomId: this.id }, query: { after, limit: seq - 1 - after } })
    // Of another life of the log than that which the caller knows: a reset will say so.
    if (this.epoch !== undefined && epoch !== this.epoch) throw new ParleyError('client.bad_answer', { message: 'The log has begun anew.', retryable: true })
    return events
  }

  /**
   * Uploads a file; a message that is sent within a day shows it.
   *
   * @example
   * const { id } = await room.upload(file)
   * await room.send('Look', { attachmentIds: [id] })
   * @throws ParleyError `attachment.refused` for what it is, `request.too_large`, `rate.limited`, `feature.disabled`.
   */
  async upload (file: Blob & { name?: string }, name = file.name ?? 'file'): Promise<Attachment> {
    const form = new FormData()
    form.append('file', file, name)
    return (await this.#tools.rest('uploadAttachment', { params: { roomId: this.id }, form })).attachment
  }

  /** Where the file is, or its thumbnail: for whoever is in the room, with the cookie of the session. */
  attachmentUrl ({ id: attachmentId }: Pick<Attachment, 'id'>, { thumbnail = false } = {}): string {
    return urlOf(this.#tools.url, thumbnail ? 'getThumbnail' : 'getAttachment', { roomId: this.id, attachmentId })
  }

  /**
   * Makes a link into the room (owner, admin). The token is told this once: show `#/invitation/<token>` of the app's own
   * address. @throws ParleyError `request.forbidden`.
   */
  invite (wish: NonNullable<CallInput<'makeInvitation'>['body']> = {}): Promise<CallAnswer<'makeInvitation'>> {
    return this.#tools.rest('makeInvitation', { params: { roomId: this.id }, body: wish })
  }

  /** Its links that have not expired (owner, admin). */
  async invitations (): Promise<Invitation[]> {
    return (await this.#tools.rest('listInvitations', { params: { roomId: this.id } })).invitations
  }

  /** Makes a link work no more (owner, admin). @throws ParleyError `link.not_found`. */
  async revokeInvitation (invitationId: string): Promise<void> {
    await this.#tools.rest('revokeInvitation', { params: { roomId: this.id, invitationId } })
  }

  /**
   * Messages with all these words, the newest first; the last word may be the beginning of one. The `cursor` of a page is
   * the `before` of the next.
   *
   * @example const { results } = await room.search('birthday ca')
   * @throws ParleyError `request.forbidden`, `room.not_found`.
   */
  search (query: string, page: SearchPage = {}): Promise<CallAnswer<'searchRoom'>> {
    return this.#tools.rest('searchRoom', { params: { roomId: this.id }, query: { query, ...page } })
  }

  /** From now on it is read only, by everybody; its log says so. @throws ParleyError `request.forbidden` unless owner or admin. */
  async archive (): Promise<RoomDetails> {
    return await this.#setArchived(true)
  }

  /** Opens it again. @throws ParleyError as `archive`. */
  async unarchive (): Promise<RoomDetails> {
    return await this.#setArchived(false)
  }

  /** Leaves the room. @throws ParleyError `room.owner_required` when its only owner would go. */
  async leave (): Promise<void> {
    await this.#tools.connection.ask('room:leave', { roomId: this.id })
    this.#model.leave()
  }

  async #setArchived (archived: boolean): Promise<RoomDetails> {
    return (await this.#tools.rest('changeRoom', { params: { roomId: this.id }, body: { archived } })).room
  }

  #about (seq: number) {
    return { roomId: this.id, id: makeId(), seq }
  }
}
