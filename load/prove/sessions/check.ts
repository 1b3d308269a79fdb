import type { EndReason } from '../../../contract/index.ts'
import type { Violation, ViolationKind } from '../check/violation.ts'
import { short } from '../check/violation.ts'
import { endOf, isDoubtful, type SessionHistory, type SessionRecord } from './history.ts'
import { recheckedWithinMs, type SocketEnd } from './socket-ends.ts'

/**
 * S1 says p99 < 500 ms, which the report states: it is no violation of its own, since whoever runs this may have a busy
 * machine. Four times that is one: a notice that was never sent is made good by the re-check, up to 3 s later, so that
 * every third socket exceeds it.
 */
export const slowEndMs = 2000

/** Decides whether a history of sessions keeps S1, S2 and S3. Pure. */
export function checkSessions (history: SessionHistory, ends: SocketEnd[]): Violation[] {
  return [
    ...ends.flatMap((end) => checkEnd(end)),
    ...history.sessions.flatMap(checkRecord),
    ...checkIds(history.sessions),
    ...history.sessions.filter(isDoubtful).flatMap((session) => checkDoubtful(session, history)),
    ...checkTheEnd(history)
  ]
}

/** What is wrong with how one socket of an ended session came to its end. */
export function checkEnd ({ session, ending, visit, fault, ms }: SocketEnd): Violation[] {
  const found: Violation[] = []
  const where = `a socket of ${nameOf(session)} on ${visit.node ?? visit.via}`
  const under = fault === undefined ? '' : ` (${fault})`
  if (fault === undefined && (ms === null || ms > slowEndMs)) {
    found.push(say('slowEnd', session, `${where} ${ms === null ? 'was never closed' : `was closed ${ms} ms`} after its end (${ending.cause}), while all was well.`, ending.answeredAt))
  } else if (ms === null || ms > recheckedWithinMs) {
    found.push(say('lateEnd', session, `${where} ${ms === null ? 'was never closed' : `was closed ${ms} ms after its node could know`}: ${ending.cause}${under}.`, ending.answeredAt))
  }
  // A fault may break the connection before anything can be said on it.
  const isToldTo = fault === undefined || visit.closedBecause === 'io server disconnect'
  if (visit.closedAt === undefined || !isToldTo) return found
  const reasons: EndReason[] = session.endings.map(({ reason }) => reason)
  if (!visit.ended) found.push(say('unsaidEnd', session, `${where} was closed (${visit.closedBecause}) without session:ended: ${ending.cause}${under}.`, ending.answeredAt))
  else if (!reasons.includes(visit.ended.reason)) found.push(say('unsaidEnd', session, `${where} was told ${visit.ended.reason} for ${ending.cause}${under}.`, ending.answeredAt))
  return found
}

/** Nobody gets in with the cookie of an ended session, and nobody is put out whose session was not ended. */
function checkRecord (session: SessionRecord): Violation[] {
  const answeredAt = endOf(session)?.answeredAt
  return session.visits.flatMap(({ startedAt, connectedAt, node, via, ended, refused }) => {
    if (answeredAt !== undefined && startedAt > answeredAt && connectedAt !== undefined) {
      return [say('letIn', session, `${nameOf(session)} was let in on ${node ?? via} ${startedAt - answeredAt} ms after its end.`, startedAt)]
    }
    const isPutOut = ended !== undefined || refused?.code === 'session.required'
    const isEnding = session.endings.some(({ askedAt }) => askedAt <= (ended?.at ?? refused?.at ?? 0))
    if (!isPutOut || isEnding) return []
    return [say('lostSession', session, `${nameOf(session)} was put out on ${node ?? via} (${ended?.reason ?? refused?.code}), and nobody had ended it.`, ended?.at ?? refused?.at)]
  })
}

function checkIds (sessions: SessionRecord[]): Violation[] {
  const seen = new Set<string>()
  return sessions.flatMap((session) => {
    const isNew = !seen.has(session.id)
    seen.add(session.id)
    return isNew ? [] : [say('sameSession', session, `A login of ${session.guest} made the session ${short(session.id)} a second time.`)]
  })
}

/** Refused while Redis was away, it lives or is dead: either, but the same everywhere. */
function checkDoubtful (session: SessionRecord, { end }: SessionHistory): Violation[] {
  const answers = end.known.filter(({ sessionId, isKnown }) => sessionId === session.id && isKnown !== undefined)
  const isKnown = answers.some((answer) => answer.isKnown)
  if (isKnown && answers.some((answer) => !answer.isKnown)) {
    const nodes = answers.filter((answer) => answer.isKnown).map(({ node }) => node)
    return [say('divided', session, `${nameOf(session)}, of which nobody knew whether it had ended, lives on ${nodes.join(' and ')} only.`)]
  }
  const open = session.visits.filter(({ readyAt, closedAt }) => readyAt !== undefined && closedAt === undefined)
  const told = session.visits.find(({ ended }) => ended)
  if (!isKnown && answers.length > 0 && open.length > 0) {
    return [say('divided', session, `${nameOf(session)} is dead, and has ${open.length} sockets.`)]
  }
  return isKnown && told ? [say('divided', session, `${nameOf(session)} lives, and a socket on ${told.node} was told ${told.ended?.reason}.`)] : []
}

function checkTheEnd ({ sessions, end, lostLogins }: SessionHistory): Violation[] {
  const found: Violation[] = []
  for (const { guest, node, ids } of end.lists) {
    if (!ids) continue
    const own = sessions.filter((session) => session.guest === guest)
    const known = new Map(own.map((session) => [session.id, session]))
    for (const session of own.filter(({ id, endings }) => endings.length === 0 && !ids.includes(id))) {
      found.push(say('lostSession', session, `${nameOf(session)} was not ended, and ${node} does not list it.`))
    }
    for (const session of ids.flatMap((id) => known.get(id) ?? []).filter(endOf)) {
      found.push(say('outlived', session, `${nameOf(session)} was ended, and ${node} lists it.`))
    }
    const unknown = ids.filter((id) => !known.has(id))
    if (unknown.length > (lostLogins.get(guest) ?? 0)) {
      found.push({ kind: 'sameSession', client: guest, sentence: `${node} lists ${unknown.length} sessions of ${guest} that nobody began.` })
    }
  }
  for (const session of sessions.filter(endOf)) {
    const nodes = end.known.filter(({ sessionId, isKnown }) => sessionId === session.id && isKnown).map(({ node }) => node)
    if (nodes.length > 0) found.push(say('letIn', session, `${nameOf(session)} was ended, and ${nodes.join(', ')} took its cookie.`))
  }
  for (const { sessionId, sockets } of end.lacking) {
    const session = sessions.find(({ id }) => id === sessionId)
    if (session?.endings.length === 0) found.push(say('lostSession', session, `${nameOf(session)} was not ended, and lacks ${sockets} sockets at the end.`))
  }
  return found
}

function nameOf ({ guest, id }: SessionRecord): string {
  return `session ${short(id)} of ${guest}`
}

function say (kind: ViolationKind, { guest }: SessionRecord, sentence: string, at?: number): Violation {
  return { kind, client: guest, ...(at !== undefined && { at }), sentence: sentence[0]?.toUpperCase() + sentence.slice(1) }
}
