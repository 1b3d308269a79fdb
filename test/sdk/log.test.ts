import { askOf, startLog, stepLog, type LogInput, type LogState } from '../../sdk/log.ts'
import { t } from '../suite.ts'
import { playStory } from './log-fuzz.ts'
import { makeEvent } from './log-world.ts'

const stories = Number(process.env.TEST_STORIES ?? 3000)
/** Seeds that once failed. */
const kept = [182, 210, 238, 245, 933, 1170, 1652]

const frame = (...seqs: number[]) => seqs.map((seq) => makeEvent(seq))

/** Steps through inputs; answers what came out of the last one. */
function after (state: LogState, ...inputs: LogInput[]) {
  let step = { state, seqs: [] as number[], reset: undefined as number | undefined }
  for (const input of inputs) {
    const { state: next, events, reset } = stepLog(step.state, input)
    step = { state: next, seqs: events.map(({ seq }) => seq), reset: reset?.seq }
  }
  return { ...step, ask: askOf(step.state) }
}

const joined = (lastSeq: number, epoch = 'e'): LogInput => ({ type: 'joined', lastSeq, epoch })
const live = (...seqs: number[]): LogInput => ({ type: 'live', events: frame(...seqs) })

t.test('whatever the network does, every client ends with the whole log, each event once and in order', async (t) => {
  for (const seed of [...kept, ...Array.from({ length: stories }, (_, index) => index + 1)]) {
    try {
      playStory(seed)
    } catch (error) {
      t.fail(`seed ${seed}: ${(error as Error).message}`)
      return
    }
  }
  t.pass(`${stories} stories`)
})

t.test('a log begins now, or with its beginning, or after a place that was kept', async (t) => {
  t.match(after(startLog('now'), joined(7)), { state: { seq: 7 }, ask: undefined })
  t.match(after(startLog('beginning'), joined(7)), { state: { seq: 0 }, ask: { kind: 'sync', after: 0, epoch: 'e' } })
  t.match(after(startLog('now', { seq: 5, epoch: 'e' }), joined(7)), { ask: { kind: 'sync', after: 5 } })
  t.match(after(startLog('now', { seq: 5, epoch: 'older' }), joined(7)), { reset: 7, state: { seq: 7 } })
})

t.test('what comes live while a gap is open waits until it is filled', async (t) => {
  const state = startLog('now', { seq: 2, epoch: 'e' })
  t.match(after(state, joined(4), live(5)), { seqs: [], ask: { after: 2 } })
  const answer: LogInput = { type: 'synced', after: 2, events: frame(3, 4), lastSeq: 5, epoch: 'e' }
  t.match(after(state, joined(4), live(5), answer), { seqs: [3, 4, 5], ask: undefined })
  t.match(after(state, joined(4), live(5), answer, answer, live(5, 6)), { seqs: [6] })
})

t.test('no more is kept beyond a gap than a bound; the rest is asked for', async (t) => {
  const many = Array.from({ length: 3000 }, (_, index) => index + 10)
  const { state } = after(startLog('beginning'), joined(9), live(...many))
  t.equal(state.early.length, 1000)
  t.match(after(state, { type: 'synced', after: 0, events: frame(1, 2, 3, 4, 5, 6, 7, 8, 9), lastSeq: 9, epoch: 'e' }), {
    state: { seq: 1009, early: [] }, ask: { after: 1009 }
  })
})

t.test('a node that lags behind us is waited for; a log that has lost its end is read anew', async (t) => {
  const state = startLog('beginning', { seq: 9, epoch: 'e' })
  const ahead = after(state, joined(7), live(8))
  t.match(ahead, { seqs: [], ask: { kind: 'check', after: 9 } })
  const lagging: LogInput = { type: 'checked', after: 9, events: [], lastSeq: 9, epoch: 'e' }
  t.match(after(ahead.state, lagging, live(9, 10)), { seqs: [10], reset: undefined, ask: undefined })
  const shorter: LogInput = { type: 'checked', after: 9, events: [], lastSeq: 8, epoch: 'e' }
  t.match(after(ahead.state, shorter), { reset: 0, ask: { kind: 'sync', after: 0 } })
  t.match(after({ ...ahead.state, start: 'now' }, shorter), { reset: 7, seqs: [8], ask: undefined }, 'what came live belongs to the log as it is now')
})

t.test('a room beyond the 500 of session:ready is found by its first live event', async (t) => {
  t.match(after(startLog('now'), live(8)), { seqs: [], ask: { kind: 'sync', after: 7, epoch: undefined } })
  t.match(after(startLog('beginning'), live(8)), { ask: { kind: 'sync', after: 0 } })
  t.match(after(startLog('now'), live(8), { type: 'listed', lastSeq: 9, epoch: 'e' }), { seqs: [8], ask: { after: 8 } })
})

t.test('a log that no longer reaches back begins with its first event', async (t) => {
  const answer: LogInput = { type: 'synced', after: 0, events: frame(40, 41), lastSeq: 41, epoch: 'e', reset: true }
  t.match(after(startLog('beginning'), joined(41), answer), { reset: 39, seqs: [40, 41], ask: undefined })
})
