import type { Letter } from '../../domain/letters.ts'

/** A way for letters to leave. */
export interface MailTransport {
  /**
   * @param id the same at every attempt for one letter.
   * @throws DeliveryFailure, or what the signal says.
   */
  deliver: (letter: Letter, id: string, signal: AbortSignal) => Promise<void>
  close: () => void
}

export class DeliveryFailure extends Error {
  /** Whether the same attempt may succeed later. */
  readonly isPassing: boolean

  constructor (reason: string, isPassing: boolean) {
    super(reason)
    this.name = 'DeliveryFailure'
    this.isPassing = isPassing
  }
}

/** How many letters leave at once: no more than there are connections, in whose queue the time of an attempt would pass. */
export const atOnce = 5

/** Why, in a few words: an error that wraps another often says nothing itself. */
export function reasonOf (error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { cause } = error
  if (cause instanceof Error) return `${error.message}: ${reasonOf(cause)}`
  return error.message || ('code' in error ? String(error.code) : error.name)
}
