import { setTimeout as sleep } from 'node:timers/promises'
import type { CallName } from '../../../contract/index.ts'
import { CookieJar } from '../../../sdk/cookies.ts'
import { createRest, type CallAnswer, type CallArguments } from '../../../sdk/rest.ts'
import { LightSocket, type Door, type Visit } from '../clients/light-socket.ts'
import { endOf, type SessionRecord } from './history.ts'

const restMs = 10_000

/** One login of somebody, with as many sockets as they like. */
export class Device {
  readonly record: SessionRecord
  readonly sockets: LightSocket[] = []
  readonly cookie: string

  constructor (record: SessionRecord, cookie: string) {
    this.record = record
    this.cookie = cookie
  }

  /** Its session was ended, and no socket is left. */
  get isOver (): boolean { return endOf(this.record) !== undefined && this.sockets.every(({ isOver }) => isOver) }

  /** One more socket, by this way. */
  open (door: Door): LightSocket {
    const socket = new LightSocket({ door, cookie: this.cookie, visits: this.record.visits })
    this.sockets.push(socket)
    return socket
  }

  /** Tries the cookie once more, a little later; settles when it was let in or refused, or gives up. */
  async knock (door: Door, withinMs: number): Promise<void> {
    await sleep(5 + Math.random() * 500)
    const first = this.record.visits.length
    const socket = this.open(door)
    const isSettled = ({ readyAt, refused }: Visit): boolean => readyAt !== undefined || refused?.code === 'session.required'
    for (const deadline = Date.now() + withinMs; Date.now() < deadline;) {
      if (this.record.visits.slice(first).some(isSettled)) break
      await sleep(50)
    }
    socket.leave()
  }

  /** Asks by REST through this door; an answer may clear the cookie, which is kept all the same, to try it again. */
  ask<Name extends CallName> (door: Door, name: Name, ...input: CallArguments<Name>): Promise<CallAnswer<Name>> {
    return createRest({ url: door.url, jar: jarWith(this.cookie), fetch, timeoutMs: restMs })(name, ...input)
  }
}

function jarWith (cookie: string): CookieJar {
  const jar = new CookieJar()
  jar.keep(new Headers([['set-cookie', cookie]]))
  return jar
}
