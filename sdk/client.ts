import type { Account, CallName, Session } from '../contract/index.ts'
import { Core, type ParleyEvents } from './core.ts'
import type { Listener, Stop } from './emitter.ts'
import { ParleyError } from './errors.ts'
import type { ClientState, ParleyOptions } from './options.ts'
import type { PresenceWatch } from './presence.ts'
import type { CallAnswer, CallArguments, CallInput } from './rest.ts'
import type { Room } from './room.ts'
import type { Rooms } from './rooms.ts'

/**
 * One person on one device: signs in and out, keeps a socket as long as there is a session, and every room's log whole.
 *
 * @example
 * const parley = createParley({ url: 'http://localhost:3000' })
 * await parley.signIn({ username: 'alice', password: 'correct horse' })
 * parley.on('state', (state) => { console.log(state) })
 */
export class Parley {
  readonly #core: Core

  constructor (options: ParleyOptions = {}) {
    this.#core = new Core(options)
  }

  /** My rooms, and the way to others. */
  get rooms (): Rooms { return this.#core.rooms }
  /** Who is online. */
  get presence (): PresenceWatch { return this.#core.presence }
  /** Where this client stands; the event `state` tells of every change. */
  get state (): ClientState { return this.#core.state }
  /** Who is signed in, as far as is known. */
  get user (): Account | undefined { return this.#core.user }
  get session (): Session | undefined { return this.#core.session }
  /** The node that this client is connected to, or was last. */
  get node (): string | undefined { return this.#core.node }

  /** Listens to one kind of event; see `ParleyEvents`. */
  on<Name extends keyof ParleyEvents> (name: Name, listener: Listener<ParleyEvents[Name]>): Stop {
    return this.#core.emitter.on(name, listener)
  }

  /** Makes an account; does not sign in. @throws ParleyError `user.username_taken`, `request.invalid`. */
  async register (account: CallInput<'register'>['body']): Promise<Account> {
    return (await this.#core.rest('register', { body: account })).user
  }

  /** Signs in, and connects. @throws ParleyError `session.invalid_credentials`, `rate.limited`. */
  async signIn (credentials: { username: string, password: string }): Promise<Account> {
    const life = this.#core.life
    const { user, session } = await this.#core.rest('login', { body: credentials })
    this.#core.begin(user, session, life)
    return user
  }

  /**
   * Who is signed in, asked of the server: what a page does when it loads. Connects when somebody is; resolves with
   * undefined when nobody is. @throws ParleyError when the server cannot tell.
   */
  async currentUser (): Promise<Account | undefined> {
    const life = this.#core.life
    try {
      const { user, session } = await this.#core.rest('getUser')
      this.#core.begin(user, session, life)
      return user
    } catch (error) {
      if (!(error instanceof ParleyError) || error.code !== 'session.required') throw error
      this.#core.ended(undefined)
      return undefined
    }
  }

  /** Ends the session, on every node; what was not sent yet is forgotten. @throws ParleyError when the server cannot be reached. */
  async signOut (): Promise<void> {
    try {
      await this.#core.rest('logout')
    } catch (error) {
      if (!(error instanceof ParleyError) || error.code !== 'session.required') throw error
    }
    this.#core.signedOut()
  }

  /**
   * Any REST call of the contract, by its name.
   *
   * @example const { messages } = await parley.call('listMessages', { params: { roomId }, query: { limit: 20 } })
   * @throws ParleyError what the server refused with; `client.unreachable`, `client.timeout`, `client.bad_answer`.
   */
  call<Name extends CallName> (name: Name, ...input: CallArguments<Name>): Promise<CallAnswer<Name>> {
    return this.#core.rest(name, ...input)
  }

  /** Where a link of an invitation leads: the room's name, and whether I am in it. @throws ParleyError `link.not_found`. */
  invitation (token: string): Promise<CallAnswer<'getInvitation'>> {
    return this.rooms.lookAtInvitation(token)
  }

  /** Joins the room that the link leads to. @throws ParleyError `link.not_found`; `request.forbidden` for whoever is banned from it. */
  acceptInvitation (token: string): Promise<Room> {
    return this.rooms.acceptInvitation(token)
  }

  /**
   * Messages with all these words in all my rooms, the newest first; the last word may be the beginning of one.
   *
   * @example const { results, cursor } = await parley.search('birthday ca')
   * @throws ParleyError `client.unreachable`, or what the server said.
   */
  search (query: string, page: { cursor?: string, limit?: number } = {}): Promise<CallAnswer<'searchMessages'>> {
    return this.#core.rest('searchMessages', { query: { query, ...page } })
  }

  /** Where a file of a room is, or its thumbnail; see `room.attachmentUrl`. */
  attachmentUrl (room: { id: string }, attachment: { id: string }, options: { thumbnail?: boolean } = {}): string {
    return this.rooms.get(room.id).attachmentUrl(attachment, options)
  }

  /** Resolves when connected. @throws ParleyError when nobody is signed in, or the server refuses. */
  async ready (): Promise<void> {
    await this.#core.connection.untilReady()
  }

  /** Tries to connect now rather than when it would: for a page that learns that the line is back. */
  reconnect (): void {
    this.#core.reconnect()
  }

  /** Ends the connection, not the session. What was not sent yet is found again where a `storage` is given. */
  close (): void {
    this.#core.close()
  }
}

/**
 * Makes a client. It does nothing until somebody signs in or `currentUser()` is asked.
 *
 * @example
 * const parley = createParley({ storage: webStorage(localStorage) })
 * if (!await parley.currentUser()) showSignIn()
 */
export function createParley (options: ParleyOptions = {}): Parley {
  return new Parley(options)
}
