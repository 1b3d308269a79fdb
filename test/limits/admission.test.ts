import { ContractError } from '../../contract/index.ts'
import { createAdmission, type Admission } from '../../realtime/admission.ts'
import { until } from '../helpers/until.ts'
import { t } from '../suite.ts'

const soon = 60_000

/** Who has been admitted, in order. */
function watch (admission: Admission, names: string[]) {
  const admitted: string[] = []
  const refused: ContractError[] = []
  const places = names.map((name) => {
    const place = admission.enter()
    place.admitted.then(() => admitted.push(name), (error: unknown) => { if (error instanceof ContractError) refused.push(error) })
    return place
  })
  return { admitted, refused, places }
}

t.test('a few at once, the others in the order in which they came', async (t) => {
  const admission = createAdmission({ atOnce: 2, patienceMs: soon, onRefused: () => {} })
  const { admitted, places: [alice, bob, carol] } = watch(admission, ['alice', 'bob', 'carol', 'dave'])
  await new Promise(setImmediate)
  t.same(admitted, ['alice', 'bob'])
  t.equal(admission.waiting, 2)
  bob?.leave()
  bob?.leave()
  await new Promise(setImmediate)
  t.same(admitted, ['alice', 'bob', 'carol'], 'a place is left once only')
  alice?.leave()
  carol?.leave()
  await new Promise(setImmediate)
  t.same(admitted, ['alice', 'bob', 'carol', 'dave'])
  t.equal(admission.waiting, 0)
})

t.test('who goes while waiting holds nobody up', async (t) => {
  const admission = createAdmission({ atOnce: 1, patienceMs: soon, onRefused: () => {} })
  const { admitted, refused, places: [alice, bob] } = watch(admission, ['alice', 'bob', 'carol'])
  bob?.leave()
  alice?.leave()
  await new Promise(setImmediate)
  t.same(admitted, ['alice', 'carol'])
  t.match(refused, [{ code: 'server.unavailable' }])
})

t.test('who waits too long is turned away', async (t) => {
  let count = 0
  const admission = createAdmission({ atOnce: 1, patienceMs: 50, onRefused: () => { count++ } })
  const { admitted, refused } = watch(admission, ['alice', 'bob'])
  await until('bob is turned away', () => refused.length === 1)
  t.match(refused, [{ code: 'server.unavailable' }])
  t.ok(refused[0]?.retryAfterMs)
  t.same(admitted, ['alice'])
  t.same([count, admission.waiting], [1, 0])
})

t.test('beyond what can be let in in time nobody waits; they are told to come back one after the other', async (t) => {
  let count = 0
  // One takes 50 ms until it is measured: four at once let in 80 a second, and 160 in two seconds.
  const admission = createAdmission({ atOnce: 4, patienceMs: 2000, onRefused: () => { count++ } })
  const waits: number[] = []
  for (let index = 0; index < 1000; index++) {
    try {
      admission.enter().admitted.catch(() => {})
    } catch (error) {
      if (!(error instanceof ContractError)) throw error
      t.equal(error.code, 'server.unavailable')
      waits.push(error.retryAfterMs ?? 0)
    }
  }
  t.equal(count, waits.length)
  t.ok(admission.waiting >= 150 && admission.waiting <= 170, `${admission.waiting} wait`)
  const mean = (part: number[]) => part.reduce((sum, wait) => sum + wait, 0) / part.length
  const quarter = waits.length / 4
  const [first, last] = [mean(waits.slice(0, quarter)), mean(waits.slice(-quarter))]
  t.ok(first > 2000 && first < 6000, `the first come back after ${first} ms`)
  t.ok(last > 9000 && last < 15_000, `the last after ${last} ms`)
})
