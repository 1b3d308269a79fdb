import { randomUUID } from 'node:crypto'
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { createGate } from '../../domain/gate.ts'
import type { Letter, Mailer } from '../../domain/letters.ts'
import { ContractError } from '../../contract/index.ts'
import { atOnce, DeliveryFailure, reasonOf, type MailTransport } from './transport.ts'

export interface PostOfficeOptions {
  transport: MailTransport
  publicUrl: string
  log: FastifyBaseLogger
  /** Most letters of one kind to one address in an hour, about one account; about all accounts, five times as many. */
  mostToOne: number
  onOutcome: (kind: Letter['kind'], outcome: 'sent' | 'failed' | 'dropped') => void
}

export interface PostOffice extends Mailer {
  /** Takes nothing more, waits for a moment for what is under way, and gives up the rest. */
  close: () => Promise<void>
}

const waiting = 1000
/** Between one attempt and the next, when the failure may pass. */
const pausesMs = [500, 2000]
const closeMs = 2000
/** How long it is not said again that letters are dropped. */
const quietMs = 5000

/** Lets letters leave after whoever caused them was answered: a bounded number at once, the others in turn. */
export function openPostOffice ({ transport, publicUrl, log, mostToOne, onOutcome }: PostOfficeOptions): PostOffice {
  const pass = createGate({ atOnce, waiting, retryAfterMs: 0 })
  const toOne = new RateLimiterMemory({ points: mostToOne, duration: 3600 })
  const toAddress = new RateLimiterMemory({ points: 5 * mostToOne, duration: 3600 })
  const pending = new Set<Promise<void>>()
  const closing = new AbortController()
  let warnedAt = 0

  async function deliver (letter: Letter): Promise<void> {
    const id = randomUUID()
    for (const pauseMs of [...pausesMs, undefined]) {
      try {
        await transport.deliver(letter, id, closing.signal)
        return
      } catch (error) {
        const isPassing = error instanceof DeliveryFailure && error.isPassing
        if (!isPassing || pauseMs === undefined || closing.signal.aborted) throw error
        await wait(pauseMs, undefined, { signal: closing.signal })
      }
    }
  }

  async function send (kind: Letter['kind'], write: () => Promise<Letter | undefined>): Promise<void> {
    let letter: Letter | undefined
    try {
      closing.signal.throwIfAborted()
      letter = await write()
      if (!letter) return
      await deliver(letter)
      onOutcome(kind, 'sent')
    } catch (error) {
      onOutcome(kind, 'failed')
      log.error({ kind, username: letter?.username, reason: withoutToken(reasonOf(error), letter) }, 'a letter could not be sent')
    }
  }

  function drop (kind: Letter['kind'], error: unknown): void {
    onOutcome(kind, 'dropped')
    if (Date.now() - warnedAt < quietMs) return
    warnedAt = Date.now()
    log.warn({ kind, reason: whyDropped(error) }, 'a letter was dropped; while this goes on, it is said only now and then')
  }

  async function admit (kind: Letter['kind'], { to, userId }: Parameters<Mailer['post']>[1], write: () => Promise<Letter | undefined>): Promise<void> {
    // Not before the answer: its time must not tell whether there is a letter.
    await nextTurn()
    const mailbox = `${kind} ${to.toLowerCase()}`
    await toOne.consume(`${mailbox} ${userId}`)
    await toAddress.consume(mailbox)
    // Each kind in a line of its own: many of one do not keep those of another from leaving.
    await pass(kind, () => send(kind, write))
  }

  function post (kind: Letter['kind'], whom: Parameters<Mailer['post']>[1], write: () => Promise<Letter | undefined>): void {
    const task = admit(kind, whom, write).catch((error: unknown) => { drop(kind, error) })
    pending.add(task)
    void task.finally(() => { pending.delete(task) })
  }

  return {
    publicUrl,
    post,

    async close () {
      const patience = new AbortController()
      await Promise.race([Promise.all(pending), wait(closeMs, undefined, { signal: patience.signal })])
      patience.abort()
      closing.abort(new Error('the node stops'))
      await Promise.all(pending)
      transport.close()
    }
  }
}

function whyDropped (error: unknown): string {
  // Whoever is at the limit has the letters that came before: the link in the last of them works.
  if (error instanceof RateLimiterRes) return 'too many of its kind to one address'
  return error instanceof ContractError ? `${waiting} others wait already` : reasonOf(error)
}

/** A server may repeat in its refusal what it was sent. */
function withoutToken (reason: string, letter: Letter | undefined): string {
  const token = letter && 'link' in letter ? letter.link.split('/').at(-1) : undefined
  return token ? reason.replaceAll(token, '***') : reason
}
