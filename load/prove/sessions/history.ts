import type { EndReason } from '../../../contract/index.ts'
import type { Visit } from '../clients/light-socket.ts'

export const endingCauses = ['logout', 'revoked', 'othersRevoked', 'passwordChanged', 'emptied'] as const
export type EndingCause = typeof endingCauses[number]

/** What somebody did to end sessions. Without `answeredAt` it was refused or not answered: it may be done or not. */
export interface Ending {
  cause: EndingCause
  reason: EndReason
  askedAt: number
  answeredAt?: number
}

/** One login, and every attempt at a connection with its cookie. */
export interface SessionRecord {
  /** Public. */
  id: string
  guest: string
  /** When the login was asked for. */
  askedAt: number
  /** When the login was answered. */
  begunAt: number
  visits: Visit[]
  endings: Ending[]
}

/** What the nodes said when all was over. */
export interface SessionsInTheEnd {
  /** Each guest's devices, by one node; undefined when it gave no answer. */
  lists: Array<{ guest: string, node: string, ids: string[] | undefined }>
  /** Whether a node takes the session's cookie; undefined when it gave no answer. */
  known: Array<{ sessionId: string, node: string, isKnown: boolean | undefined }>
  /** How many of a session's sockets had not come back. */
  lacking: Array<{ sessionId: string, sockets: number }>
}

export interface SessionHistory {
  sessions: SessionRecord[]
  /** Of each guest: logins whose answer was lost, so that there may be sessions that nobody knows. */
  lostLogins: Map<string, number>
  end: SessionsInTheEnd
}

/** When it was over for certain; undefined while it lives, or may live. */
export function endOf ({ endings }: SessionRecord): Ending | undefined {
  return endings.filter(({ answeredAt }) => answeredAt !== undefined).sort((a, b) => (a.answeredAt ?? 0) - (b.answeredAt ?? 0))[0]
}

/** Somebody tried to end it, and nobody knows what came of that. */
export function isDoubtful (session: SessionRecord): boolean {
  return session.endings.length > 0 && endOf(session) === undefined
}
