import { setTimeout as sleep } from 'node:timers/promises'
import { ParleyError } from '../../../sdk/errors.ts'
import type { Rest } from '../../../sdk/rest.ts'

/** Somebody with an account. */
export interface Person {
  userId: string
  username: string
  password: string
}

/** Repeats what may pass, until the signal says that nobody waits any more. */
export async function persist<T> (work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  for (;;) {
    signal?.throwIfAborted()
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof ParleyError) || !mayPass(error)) throw error
      await sleep((error.retryAfterMs ?? 0) + 100 + Math.random() * 200, undefined, { signal })
    }
  }
}

/** An answer of the balancer's while no node is there, or of a node without its stores. */
function mayPass ({ code, retryable }: ParleyError): boolean {
  return retryable || code === 'client.bad_answer'
}

export async function register (rest: Rest, username: string): Promise<Person> {
  const password = `the password of ${username}`
  const { user } = await persist(() => rest('register', { body: { username, password } }))
  return { userId: user.id, username, password }
}

export async function signIn (rest: Rest, { username, password }: Person, signal?: AbortSignal): Promise<void> {
  await persist(() => rest('login', { body: { username, password } }), signal)
}
