import type { Socket } from 'socket.io-client'
import { ParleyError, toParleyError } from '../../../sdk/errors.ts'
import type { Rest } from '../../../sdk/rest.ts'
import type { Attempt, CommandRecord, Outcome } from '../history.ts'
import { askByRest, toAnswer, toSocketCommand } from './requests.ts'

const ackMs = 5000

type Ack = { ok: true, data: Parameters<typeof toAnswer>[0] } | { ok: false, error: unknown }

/** Sends it, and settles with the ack, or without an outcome when none came. */
export function attemptBySocket (socket: Socket, command: CommandRecord): Promise<Attempt> {
  const attempt: Attempt = { at: Date.now(), via: 'socket', ...(socket.id && { connectionId: socket.id }) }
  command.attempts.push(attempt)
  return new Promise((resolve) => {
    const lost = (): void => { resolve(attempt) }
    socket.once('disconnect', lost)
    socket.timeout(ackMs).emit(...toSocketCommand(command), (failure: Error | null, ack: Ack) => {
      socket.off('disconnect', lost)
      if (!failure) attempt.outcome = ack.ok ? { at: Date.now(), ok: true, ...toAnswer(ack.data) } : toRefusal(toParleyError(ack))
      resolve(attempt)
    })
  })
}

export async function attemptByRest (rest: Rest, command: CommandRecord): Promise<Attempt> {
  const attempt: Attempt = { at: Date.now(), via: 'rest' }
  command.attempts.push(attempt)
  try {
    const answer = await askByRest(rest, command)
    attempt.outcome = { at: Date.now(), ok: true, ...answer }
  } catch (error) {
    if (!(error instanceof ParleyError)) throw error
    attempt.outcome = toRefusal(error)
  }
  return attempt
}

/** An error that may pass says nothing about whether it was done. */
export function toRefusal ({ code, retryable }: ParleyError): Outcome {
  const isUnknown = retryable || code === 'server.error' || code === 'client.bad_answer'
  return { at: Date.now(), ok: false, code, mayBeDone: isUnknown }
}
