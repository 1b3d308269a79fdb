import type { Conditions } from '../../load/prove/conditions.ts'
import type { Visit } from '../../load/prove/clients/light-socket.ts'
import { checkSessions } from '../../load/prove/sessions/check.ts'
import type { Ending, SessionHistory, SessionRecord } from '../../load/prove/sessions/history.ts'
import { findSocketEnds } from '../../load/prove/sessions/socket-ends.ts'
import { t } from '../suite.ts'

const endedAt = 100_000
const calm: Conditions = { nodes: ['n1', 'n2', 'n3'], disturbances: [], silences: [] }
const cut: Conditions = {
  ...calm,
  disturbances: [{ name: 'cut-redis', from: 9000, until: 16_000 }],
  silences: [{ node: 'n2', why: 'redis', from: 9000, until: 15_000 }]
}
const logout: Ending = { cause: 'logout', reason: 'logout', askedAt: 9990, answeredAt: 10_000 }

/** A socket of alice's on node 2, told of the logout and closed after so many milliseconds. */
function closed (afterMs: number, changes: Partial<Visit> = {}): Visit {
  const closedAt = 10_000 + afterMs
  return {
    via: 'n2',
    node: 'n2',
    startedAt: 1000,
    connectedAt: 1010,
    readyAt: 1020,
    statuses: [],
    ended: { at: closedAt, reason: 'logout' },
    closedAt,
    closedBecause: 'io server disconnect',
    ...changes
  }
}

function open (changes: Partial<Visit> = {}): Visit {
  return { via: 'n2', node: 'n2', startedAt: 1000, connectedAt: 1010, readyAt: 1020, statuses: [], ...changes }
}

function session (visits: Visit[], endings: Ending[] = [logout], id = 'alices-phone'): SessionRecord {
  return { id, guest: 'alice', askedAt: 900, begunAt: 950, visits, endings }
}

function kindsOf (sessions: SessionRecord[], conditions = calm, more: Partial<SessionHistory> = {}): string[] {
  const history: SessionHistory = { sessions, lostLogins: new Map(), end: { lists: [], known: [], lacking: [] }, ...more }
  return checkSessions(history, findSocketEnds(sessions, conditions, endedAt)).map(({ kind }) => kind)
}

const inTheEnd = (end: Partial<SessionHistory['end']>): Partial<SessionHistory> => ({ end: { lists: [], known: [], lacking: [], ...end } })

t.test('sessions that end as promised are right', async (t) => {
  const knock: Visit = { via: 'n1', startedAt: 10_500, refused: { at: 10_510, code: 'session.required' }, statuses: [] }
  const sessions = [session([closed(30), closed(-5), knock]), session([open()], [], 'alices-laptop')]
  t.same(kindsOf(sessions, calm, inTheEnd({
    lists: [{ guest: 'alice', node: 'n1', ids: ['alices-laptop'] }, { guest: 'alice', node: 'n2', ids: undefined }],
    known: [{ sessionId: 'alices-phone', node: 'n1', isKnown: false }, { sessionId: 'alices-phone', node: 'n2', isKnown: undefined }]
  })), [])
})

t.test('S1: a socket that is closed late or never while all is well is found', async (t) => {
  t.same(kindsOf([session([closed(1900)])]), [])
  t.same(kindsOf([session([closed(2100)])]), ['slowEnd'])
  t.same(kindsOf([session([open()])]), ['slowEnd'])
})

t.test('S1: a socket that is closed without the right word is found, where no fault could break it', async (t) => {
  const { ended: _, ...wordless } = closed(10)
  t.same(kindsOf([session([wordless])]), ['unsaidEnd'])
  t.same(kindsOf([session([closed(10, { ended: { at: 10_005, reason: 'expired' } })])]), ['unsaidEnd'])
  t.same(kindsOf([session([{ ...wordless, closedBecause: 'transport close' }])]), ['unsaidEnd'])
  t.same(kindsOf([session([{ ...wordless, closedBecause: 'transport close' }])], cut), [])
  t.same(kindsOf([session([wordless])], cut), ['unsaidEnd'])
})

t.test('S1: a change of password that is told as a revocation is found, also under a fault', async (t) => {
  const changed: Ending = { ...logout, cause: 'passwordChanged', reason: 'password_changed' }
  const told = session([closed(10, { ended: { at: 10_005, reason: 'revoked' } })], [changed])
  t.same(kindsOf([told]), ['unsaidEnd'])
  t.same(kindsOf([told], cut), ['unsaidEnd'])
})

t.test('S2: under a fault the time counts from when the node could know', async (t) => {
  t.same(kindsOf([session([closed(14_900)])], cut), [], 'Redis was back 5 s after the answer')
  t.same(kindsOf([session([closed(15_100)])], cut), ['lateEnd'])
  t.same(kindsOf([session([closed(10_100, { node: 'n1' })])], cut), ['lateEnd'], 'node 1 was never cut off')
  t.same(kindsOf([session([open()])], cut), ['lateEnd'])
  const [end] = findSocketEnds([session([closed(7000)])], cut, endedAt)
  t.match(end, { fault: 'cut-redis', ms: 2000 })
  const again = { ...cut, silences: [...cut.silences, { node: 'n2', why: 'stopped' as const, from: 20_000, until: 30_000 }] }
  t.same(kindsOf([session([closed(29_900)])], again), [], 'it was stopped before its time was up')
})

t.test('S3: whoever gets in with the cookie of an ended session is found', async (t) => {
  t.same(kindsOf([session([open({ startedAt: 10_001, connectedAt: 10_020 })])]), ['letIn'])
  t.same(kindsOf([session([closed(200, { startedAt: 9999, connectedAt: 10_020 })])]), [], 'it began before the answer, and was closed')
  t.same(kindsOf([session([])], calm, inTheEnd({ known: [{ sessionId: 'alices-phone', node: 'n3', isKnown: true }] })), ['letIn'])
  t.same(kindsOf([session([])], calm, inTheEnd({ lists: [{ guest: 'alice', node: 'n3', ids: ['alices-phone'] }] })), ['outlived'])
})

t.test('S3: a login that makes no other session is found', async (t) => {
  t.same(kindsOf([session([]), session([])]), ['sameSession'])
  const lists = inTheEnd({ lists: [{ guest: 'alice', node: 'n1', ids: ['nobodys'] }] })
  t.same(kindsOf([session([])], calm, lists), ['sameSession'])
  t.same(kindsOf([session([])], calm, { ...lists, lostLogins: new Map([['alice', 1]]) }), [], 'a login whose answer was lost')
})

t.test('a session that nobody ended and that is gone all the same is found', async (t) => {
  t.same(kindsOf([session([closed(10, { ended: { at: 10_000, reason: 'expired' } })], [])]), ['lostSession'])
  t.same(kindsOf([session([{ via: 'n1', startedAt: 5000, refused: { at: 5010, code: 'session.required' }, statuses: [] }], [])]), ['lostSession'])
  t.same(kindsOf([session([{ via: 'n1', startedAt: 5000, refused: { at: 5010, code: 'server.unavailable' }, statuses: [] }], [])]), [])
  t.same(kindsOf([session([open()], [])], calm, inTheEnd({ lists: [{ guest: 'alice', node: 'n1', ids: [] }] })), ['lostSession'])
  t.same(kindsOf([session([open()], [])], calm, inTheEnd({ lacking: [{ sessionId: 'alices-phone', sockets: 1 }] })), ['lostSession'])
})

t.test('an ending that was not confirmed may be done or not, but the same everywhere', async (t) => {
  const maybe: Ending = { cause: 'logout', reason: 'logout', askedAt: 9990 }
  const known = (...answers: Array<boolean | undefined>): Partial<SessionHistory> =>
    inTheEnd({ known: answers.map((isKnown, index) => ({ sessionId: 'alices-phone', node: `n${index + 1}`, isKnown })) })
  t.same(kindsOf([session([open()], [maybe])], cut, known(true, true, undefined)), [])
  t.same(kindsOf([session([closed(9000)], [maybe])], cut, known(false, false, false)), [])
  t.same(kindsOf([session([open()], [maybe])], cut, known(true, false, true)), ['divided'])
  t.same(kindsOf([session([open()], [maybe])], cut, known(false, false, false)), ['divided'])
  t.same(kindsOf([session([closed(10), open()], [maybe])], cut, known(true, true, true)), ['divided'])
})
